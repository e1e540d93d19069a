"""The vocabulary every other part speaks: frames, poses, settings, errors, time and places.

Owns no behaviour beyond validation, and imports nothing but the standard library, numpy and platformdirs.
"""
