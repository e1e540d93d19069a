"""What the tests of the tracker share."""


class KeepsOpen:
    """The shared networks, which a tracker of one test must not close."""

    def __init__(self, networks):
        self.detect, self.observe = networks.detect, networks.observe
        self.rests = 0

    def rest_detector(self):
        self.rests += 1

    def close(self):
        pass
