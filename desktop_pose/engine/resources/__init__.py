"""What the process uses and why: memory by part and over time, single frames, what each setting costs."""
