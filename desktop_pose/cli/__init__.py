"""The command line. Knows no Qt: the window is started by a callable that `app` hands it."""
