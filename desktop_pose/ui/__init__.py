"""The window. Shows what the engine gives it and asks the engine for changes; computes nothing itself."""
