"""Pixels and a time in, people out.

Owns the models, the detector, regions of interest, landmarks, smoothing and the tracker that joins them,
on two backends behind one protocol. Knows no Qt, no threads, no clocks, and no files but models.
"""
