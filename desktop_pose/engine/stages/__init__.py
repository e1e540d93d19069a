"""What the threads do: capture, inference, render, record. No stage knows Qt's threads or widgets."""
