"""Memory that can be had: what the machine and the container say."""

from __future__ import annotations

from gigmatch.core import memory


def test_memory_that_can_be_had(monkeypatch, tmp_path):
    """As the kernel says, file caches included; without limit where it does not say."""
    for text, expected in (
        ("MemFree: 1 kB\nMemAvailable:   2048 kB\n", 2 << 20),
        ("MemFree: 1 kB\n", 1 << 62),
    ):
        (tmp_path / "meminfo").write_text(text)
        monkeypatch.setattr(memory, "Path", lambda _: tmp_path / "meminfo")
        assert memory._left_on_machine() == expected
    monkeypatch.setattr(memory, "Path", lambda _: tmp_path / "absent")
    assert memory._left_on_machine() == memory.UNLIMITED


def test_a_container_has_its_own_limit(tmp_path):
    """A control group's limit less what it holds; the word max, or no group, is no limit."""
    assert memory._left_in_container(tmp_path) == memory.UNLIMITED
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("600\n")
    assert memory._left_in_container(tmp_path) == memory.UNLIMITED
    (tmp_path / "memory.max").write_text("1000\n")
    assert memory._left_in_container(tmp_path) == 400
