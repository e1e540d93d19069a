"""What happens when the user logs out or shuts the computer down: the recording is finalised at once."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.engine.controller import Controller

_PATIENCE_NS = 2 * NS_PER_S
"""Systems wait some seconds before they end a program by force."""


class LogOut(QObject):
    """Hears of the end of the desktop's session.

    The recording ends even if somebody else calls the log-out off: that costs a recording's rest, waiting for
    it might cost its end.

    Args:
        app: The application.
        controller: Of the engine.
    """

    def __init__(self, app: QGuiApplication, controller: Controller) -> None:
        super().__init__(app)
        self._controller = controller
        app.commitDataRequest.connect(self.finish)

    @Slot()
    def finish(self) -> None:
        """Finalise the recording, if there is one; waits for it."""
        recorder = self._controller.recorder
        if recorder.status.is_recording:
            recorder.stop()
            recorder.wait(monotonic_ns() + _PATIENCE_NS)
