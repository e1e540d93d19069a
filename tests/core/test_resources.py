"""Where `resources/` is found: wheel, source tree, bundle."""

import shutil
import sys

import pytest

from desktop_pose.core import resources
from desktop_pose.core.errors import DesktopPoseError


def make_resources(folder):
    (folder / "resources/models").mkdir(parents=True)
    (folder / "resources/models/manifest.json").write_text("{}")
    return folder / "resources"


@pytest.fixture
def package(monkeypatch, tmp_path):
    """An installed package without resources; the module believes that it lies there."""
    folder = tmp_path / "site-packages/desktop_pose"
    (folder / "core").mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(folder / "core/resources.py"))
    monkeypatch.delattr(sys, "_MEIPASS", raising=False)
    return folder


def test_found_in_the_package_as_a_wheel_puts_it(package):
    expected = make_resources(package)
    assert resources.resources_dir() == expected


def test_found_beside_the_package_as_in_a_source_tree(package):
    expected = make_resources(package.parent)
    assert resources.resources_dir() == expected


def test_found_in_a_bundle_before_anywhere_else(package, monkeypatch, tmp_path):
    make_resources(package)
    expected = make_resources(tmp_path / "bundle")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "bundle"), raising=False)
    assert resources.resources_dir() == expected


def test_incomplete_installation_says_so(package):
    folder = make_resources(package)
    shutil.rmtree(folder / "models")
    with pytest.raises(DesktopPoseError, match="Install desktop-pose again"):
        resources.resources_dir()


def test_this_tree_holds_the_shipped_files():
    folder = resources.resources_dir()
    assert (folder / "demo/balance.mp4").is_file()
    assert (folder / "models/pose_detection.tflite").is_file()
