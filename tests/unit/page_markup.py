"""What a page is made of, read as a browser reads it."""

from html.parser import HTMLParser


class Markup(HTMLParser):
    """The parts of a page that can run something: elements, handlers, addresses."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.faults: list[str] = []
        self.scripts = ""
        self._in_script = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self._in_script = tag == "script"
        facts = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "embed", "base") or (tag == "meta" and "http-equiv" in facts):
            self.faults.append(f"<{tag}>")
        if tag == "script" and not facts.get("src", "").startswith("/static/") and "src" in facts:
            self.faults.append(f"<script src={facts['src']}>")
        for name, value in facts.items():
            if name.startswith("on") or name in ("srcdoc", "style"):
                self.faults.append(f"<{tag} {name}>")
            if value.strip().lower().startswith(("javascript:", "data:text", "vbscript:")):
                self.faults.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        self.scripts += data if self._in_script else ""
