"""The picture of a pose: a pure scene of primitives in pixels, and the painter that draws it."""
