"""The threads: mailboxes, stages, the controller that starts and stops them, statistics and jobs."""
