"""What the program costs, measured; run as `python -m benchmarks.NAME`.

These programs keep themselves small: what they measure runs in child processes.
"""
