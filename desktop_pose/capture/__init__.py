"""Frames from cameras, streams, video files, image folders and the demo clip, behind one interface.

A source is opened, read and closed by one thread; `release()` from another thread during a read crashes.
"""
