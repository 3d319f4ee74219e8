"""Reading pages in tests: well-formed, what can be read in them, what they could load; hostile names."""

from __future__ import annotations

from html.parser import HTMLParser

import gigmatch as gm

__all__ = ["HOSTILE", "Page", "hostile_morning", "read_page"]

_VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}&amp;\u202eevil\u200f"
_LONG = "Donaudampfschifffahrt" * 8


class Page(HTMLParser):
    """A page that was read; fails on tags that do not match."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        """Everything that can be read, labels for screen readers too."""
        labels = [attrs.get("aria-label") or "" for _, attrs in self.tags]
        return " ".join(" ".join([*self.texts, *labels]).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every tag of a name."""
        return [attrs for name, attrs in self.tags if name == tag]


def read_page(text: str) -> Page:
    """The page, if it is well-formed, runs nothing but its own script, and loads nothing."""
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    [policy] = [m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy
    for tag, attrs in page.tags:
        assert tag not in ("img", "iframe", "object", "embed", "link", "base", "audio", "video", "form")
        assert not {name for name in attrs if name.startswith("on") or name in ("src", "style", "srcset")}, (
            attrs
        )
        assert (attrs.get("href") or "#").startswith("#")
    css = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in css
    assert "@import" not in css
    assert len(page.named("script")) == ("script-src" in policy)
    return page


def hostile_morning(workers: int = 60) -> gm.Morning:
    """A sample in which everything that has a name has a hostile one."""
    base = gm.samples.jingshi(seed=7, workers=workers)
    data = base.model_dump(mode="json", exclude_defaults=True)
    data["market"]["name"] = HOSTILE
    for at, station in enumerate(data["market"]["stations"]):
        station["name"] = f"{HOSTILE if at % 2 else _LONG}{at}"
    for skill in data["skills"]:
        skill["name"] = f"{skill['name']}{HOSTILE}"
    for party in data["employers"] + data["brokers"]:
        party["name"], party["licence"] = HOSTILE, HOSTILE
    new_id = {worker["id"]: f"{worker['id']}{HOSTILE}" for worker in data["workers"]}
    for at, worker in enumerate(data["workers"]):
        worker["id"] = new_id[worker["id"]]
        worker["station_id"] = worker["station_id"] if at else "hall"
    for employer in data["employers"]:
        employer["refused_worker_ids"] = []
    for at, shift in enumerate(data["shifts"]):
        shift["id"] = f"{shift['id']}{HOSTILE}"
        shift["location"]["label"] = _LONG if at % 3 else HOSTILE
        for credential in shift.get("credentials", ()):
            credential["kind"] = HOSTILE
    for worker in data["workers"]:
        for credential in worker.get("credentials", ()):
            credential["kind"] = HOSTILE
    return gm.Morning.model_validate(data | {"schema_version": 1})
