"""Read and write the configuration file; what is wrong in it is told with its line."""

from collections.abc import Sequence
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.configuration.document import Document
from bot.faults import FaultError

MOST_BYTES = 4_000_000
MOST_NODES = 400_000
HEAD = """\
# The company as Regatta knows it. `regatta config apply FILE` makes it stand as written here, whole or not at all;
# what is not in the file stays as it is, unless --prune is said.
"""
Where = Sequence[int | str]


class Source:
    """A file that was read: what it says, and on which line each part of it stands."""

    def __init__(self, text: str) -> None:
        try:
            self._tree: Any = YAML(typ="rt").load(text)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise FaultError(f"Line {line}: this is not YAML ({error.problem}).") from error
        except (YAMLError, ValueError, RecursionError) as error:
            raise FaultError(f"This is not YAML ({str(error).splitlines()[0]}).") from error
        if not isinstance(self._tree, dict):
            raise FaultError(
                "Line 1: the file begins with `company:`; `regatta config export` writes one to start from."
            )
        try:
            self.document = Document.model_validate(_plain(self._tree))
        except ValidationError as error:
            first = error.errors()[0]
            where = " ".join(str(part) for part in first["loc"])
            said = first["msg"].removeprefix("Value error, ")
            raise FaultError(f"Line {self.line_of(first['loc'])}: {where}: {said}.") from error

    def line_of(self, where: Where) -> int:
        """The line where a part stands, or the nearest part around it."""
        node, line = self._tree, 1
        for part in where:
            try:
                if isinstance(node, CommentedMap):
                    line = node.lc.key(part)[0] + 1
                elif isinstance(node, CommentedSeq):
                    line = node.lc.item(part)[0] + 1
                node = node[part]
            except (KeyError, IndexError, TypeError):
                break
        return int(line)

    def wrong(self, where: Where, why: str) -> FaultError:
        """The fault that a part of the file is wrong."""
        return FaultError(f"Line {self.line_of(where)}: {' '.join(map(str, where))}: {why}.")


def written(document: Document) -> str:
    """Write a configuration as a file."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    facts = document.model_dump(mode="json", exclude_none=True)
    for region in facts["regions"]:
        region["targets"] = {int(year): amount for year, amount in region["targets"].items()}
    out = StringIO()
    yaml.dump(facts, out)
    return HEAD + out.getvalue()


def _plain(node: Any) -> Any:
    """The tree without the marks of the reader and what is empty; raise FaultError where aliases make it endless."""
    left = MOST_NODES

    def copied(part: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise FaultError(f"The file says more than {MOST_NODES:,} things; that is no configuration.")
        if isinstance(part, dict):
            return {key: copied(value) for key, value in part.items() if value is not None}
        return [copied(value) for value in part] if isinstance(part, list) else part

    return copied(node)
