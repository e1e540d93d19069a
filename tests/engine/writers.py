"""Session writers that keep in memory what they are given, or nothing."""


class ListingWriter:
    """Keeps a list of what it was given; its video is as fast as it is said to be."""

    path = "nowhere"
    bytes_written = 0
    video_problem = None
    video_step = None

    def __init__(self):
        self.frames, self.details, self.drops, self.notes = [], [], [], []
        self.pictures_lost = self.commits = self.steps_down = 0

    def write(self, frame, poses, dropped_before, details):
        self.frames.append((frame.index, frame.time_ns, dropped_before))
        self.details.append(details)

    def write_drops(self, time_ns, count, cause):
        self.drops.append((time_ns, count, cause))

    def step_video_down(self):
        self.steps_down += 1
        return True

    def commit(self):
        self.commits += 1

    def finalise(self):
        self.notes.append("finalised")


class CountingWriter(ListingWriter):
    """Keeps the number of frames alone."""

    def __init__(self):
        super().__init__()
        self.written = 0

    def write(self, frame, poses, dropped_before, details):
        self.written += 1
