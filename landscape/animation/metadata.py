"""The recipe inside a picture or a mesh: how each format carries it, and how it is read back.

A recipe is stored as plain text wherever that keeps every character, so that other tools show it;
text with characters that XML or a C string would lose is stored as base64. A second entry says that
the file is from here, as any picture may have a comment.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import struct
import tomllib
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import BinaryIO

from landscape.errors import LandscapeError, unknown_name
from landscape.files import RECIPE_FILE, AnyPath, shown

__all__ = ["read_recipe", "still_metadata"]

MAKER = "landscape"
PNG_KEYWORD = "landscape-recipe"
VIDEO_MAKER = "made with landscape"
CODED = "base64:"
GIF_MAKER = b"\x21\xff\x0blandscap1.0\0"  # an application extension without data

# What is not a character of XML 1.0, and the carriage return, which XML turns into a newline.
_UNSAFE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST_COMMENT, _LAST_COMMENT = "landscape recipe:", "end of the recipe"
_WIDEST = 1000  # letters of a line of comments: some readers hold 4096
_LIMIT = 1 << 24  # no recipe has 16 MB: a damaged length must not fill the memory


def read_recipe(path: AnyPath) -> str:
    """Return the recipe that a picture, a film, a folder of frames, a mesh or a map was made from.

    Parameters: `path` is a .gif, .mp4, .webm, .webp, .png, .apng, .svg, .pdf, .ply, .obj, .vtp, an
    .npz that was saved with a picture, or a folder.

    Errors: `LandscapeError` if the file is missing, damaged, of another kind or has no recipe.
    """
    place, name = Path(os.fspath(path)), shown(path)
    if place.is_dir():
        reader: Callable[[Path], str | None] = _read_folder
    else:
        suffix = place.suffix.lower()
        if suffix not in READERS:
            raise unknown_name("picture format", suffix, READERS)
        reader = READERS[suffix]
    try:
        stored = reader(place)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LandscapeError(f"cannot read {name}: {reason[:1].lower()}{reason[1:]}") from error
    except (_DamagedError, UnicodeDecodeError, struct.error, zlib.error) as error:
        raise LandscapeError(
            f"cannot read {name}: it is damaged or no {place.suffix or 'frame folder'} file; "
            "make it again"
        ) from error
    if not stored:
        raise LandscapeError(
            f"{name} has no recipe: it was not made by landscape, or lost it since"
        )
    if reader is _read_folder:
        return stored
    try:
        return unpack(stored)
    except (binascii.Error, UnicodeDecodeError) as error:
        raise LandscapeError(f"the recipe in {name} is damaged; make the file again") from error


def still_metadata(suffix: str, recipe: str) -> dict[str, str | None]:
    """Return the `metadata` for matplotlib's `savefig` that embeds `recipe`, without any date.

    Parameters: `suffix` is ".png", ".svg" or ".pdf"; `recipe` any text. The bytes of an SVG repeat
    only if `rcParams["svg.hashsalt"]` is set as well.

    Errors: `LandscapeError` for another suffix.
    """
    text = pack(recipe)
    stills: dict[str, dict[str, str | None]] = {
        ".png": {"Software": MAKER, PNG_KEYWORD: text},
        ".svg": {"Creator": MAKER, "Date": None, "Description": text},
        ".pdf": {"Creator": MAKER, "Producer": MAKER, "CreationDate": None, "Subject": text},
    }
    try:
        return stills[suffix.lower()]
    except KeyError:
        raise unknown_name("picture format", suffix, stills) from None


def check_text(recipe: str) -> bytes:
    """Return `recipe` as UTF-8; LandscapeError if it has half of a surrogate pair."""
    try:
        return recipe.encode()
    except UnicodeEncodeError as error:
        raise LandscapeError(
            f"the recipe has {recipe[error.start]!a} at character {error.start}, which is no "
            "character; remove it"
        ) from error


def pack(recipe: str) -> str:
    """Return the text to store for `recipe`: itself, or base64 if a format would change it."""
    data = check_text(recipe)
    if _UNSAFE.search(recipe) or recipe.startswith(CODED):
        return CODED + base64.b64encode(data).decode("ascii")
    return recipe


def unpack(text: str) -> str:
    """Return the recipe that `pack` made `text` of."""
    if text.startswith(CODED):
        return base64.b64decode(text.removeprefix(CODED), validate=True).decode()
    return text


# ---------------------------------------------------------------- what the film writers store


def gif_blocks(recipe: str) -> bytes:
    """Return the comment extension with `recipe` and its maker's mark; b"" for no recipe."""
    data = pack(recipe).encode()
    if not data:
        return b""
    parts = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"\x21\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0" + GIF_MAKER


def png_texts(recipe: str) -> dict[str, str]:
    """Return keyword → text of the text chunks of a PNG."""
    text = pack(recipe)
    return {"Software": MAKER, PNG_KEYWORD: text} if text else {"Software": MAKER}


def video_tags(recipe: str) -> dict[str, str]:
    """Return the tags of an MP4 or WebM file."""
    text = pack(recipe)
    return {"description": VIDEO_MAKER, "comment": text} if text else {"description": VIDEO_MAKER}


def xmp_packet(recipe: str) -> bytes:
    """Return the XMP packet of a WebP file."""
    text = escape(pack(recipe), quote=False)
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:CreatorTool="{MAKER}">'
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt>'
        "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def comment_lines(recipe: str) -> list[str]:
    """Return the recipe as lines of ASCII for the comments of a PLY or OBJ file."""
    text = pack(recipe)
    lines = text.split("\n")
    if text.startswith(CODED) or not text.isascii() or max(map(len, lines)) > _WIDEST:
        coded = CODED + base64.b64encode(check_text(recipe)).decode("ascii")
        lines = [coded[k : k + _WIDEST] for k in range(0, len(coded), _WIDEST)]
    return [_FIRST_COMMENT, *lines, _LAST_COMMENT]


# ---------------------------------------------------------------- reading


class _DamagedError(Exception):
    """The file is not what its suffix says, or is cut."""


def _take(file: BinaryIO, count: int) -> bytes:
    if count > _LIMIT:
        raise _DamagedError
    data = file.read(count)
    if len(data) != count:
        raise _DamagedError
    return data


def _read_folder(place: Path) -> str | None:
    # Not read_text: that would turn "\r\n" into "\n".
    recipe = place / RECIPE_FILE
    return recipe.read_bytes().decode() if recipe.exists() else None


def _read_gif(place: Path) -> str | None:
    with place.open("rb") as file:
        if _take(file, 6) not in (b"GIF87a", b"GIF89a"):
            raise _DamagedError
        flags = _take(file, 7)[4]
        if flags & 0x80:
            _take(file, 3 << (flags & 7) + 1)
        comment: bytes | None = None
        ours = False
        while _take(file, 1) == b"\x21":  # extensions, up to the first picture or the end
            kind, data = _take(file, 1), b""
            first = b""
            while size := _take(file, 1)[0]:
                part = _take(file, size)
                first = first or part
                data += part
            if kind == b"\xfe" and comment is None:
                comment = data
            ours = ours or (kind == b"\xff" and first == b"landscap1.0")
    if comment is None or ours:
        return comment.decode() if comment else None
    # Optimizers such as gifsicle keep the comment and drop the mark.
    with suppress(UnicodeDecodeError, tomllib.TOMLDecodeError, binascii.Error):
        text = comment.decode()
        return text if tomllib.loads(unpack(text)) else None
    return None


def _read_png(place: Path) -> str | None:
    with place.open("rb") as file:
        if _take(file, 8) != b"\x89PNG\r\n\x1a\n":
            raise _DamagedError
        while True:
            size, kind = struct.unpack(">I4s", _take(file, 8))
            if kind == b"IEND":
                return None
            if kind not in (b"tEXt", b"iTXt", b"zTXt"):
                file.seek(size + 4, os.SEEK_CUR)
                continue
            data = _take(file, size)
            if zlib.crc32(kind + data) != int.from_bytes(_take(file, 4), "big"):
                raise _DamagedError
            keyword, _, rest = data.partition(b"\0")
            if keyword != PNG_KEYWORD.encode():
                continue
            if kind == b"tEXt":
                return rest.decode("latin-1")
            if kind == b"zTXt":
                return _inflate(rest[1:]).decode("latin-1")
            packed, text = rest[:1], rest[2:].split(b"\0", 2)[2]
            return (_inflate(text) if packed == b"\1" else text).decode()


def _inflate(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, _LIMIT)


def riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and data of the chunks of a WebP file."""
    at = 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _read_webp(place: Path) -> str | None:
    with place.open("rb") as file:
        head = _take(file, 12)
        if head[:4] != b"RIFF" or head[8:] != b"WEBP":
            raise _DamagedError
        if os.fstat(file.fileno()).st_size < 8 + int.from_bytes(head[4:8], "little"):
            raise _DamagedError
        while start := file.read(8):
            kind, size = struct.unpack("<4sI", start)
            if kind == b"XMP ":
                return _from_xmp(_take(file, size))
            file.seek(size + size % 2, os.SEEK_CUR)
    return None


def _read_video(place: Path) -> str | None:
    import av

    with place.open("rb"):
        pass  # a missing file is an OSError with a plain reason
    try:
        with av.open(str(place)) as film:
            tags = {key.lower(): value for key, value in film.metadata.items()}
    except (av.FFmpegError, UnicodeDecodeError) as error:
        raise _DamagedError from error
    return tags.get("comment") if tags.get("description") == VIDEO_MAKER else None


_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def _from_xmp(packet: bytes) -> str | None:
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(packet)
    except ElementTree.ParseError as error:
        raise _DamagedError from error
    for entry in root.iter(f"{_RDF}Description"):
        if entry.get(f"{_XMP}CreatorTool") == MAKER:
            return entry.findtext(f"{_DC}description/{_RDF}Alt/{_RDF}li")
    return None


def _read_svg(place: Path) -> str | None:
    from xml.etree import ElementTree

    svg = "{http://www.w3.org/2000/svg}"
    try:
        # Element by element, so that the megabytes of paths after the metadata are not parsed.
        for event, element in ElementTree.iterparse(place, ("start", "end")):
            if event == "start" and element.tag in (f"{svg}g", f"{svg}path"):
                return None
            if event == "end" and element.tag == f"{svg}metadata":
                makers = {title.text for title in element.iter(f"{_DC}title")}
                texts = (found.text for found in element.iter(f"{_DC}description"))
                return next(texts, None) if MAKER in makers else None
    except ElementTree.ParseError as error:
        raise _DamagedError from error
    return None


def _read_pdf(place: Path) -> str | None:
    data = place.read_bytes()
    starts = re.findall(rb"startxref\s+(\d+)\s+%%EOF", data)
    if not data.startswith(b"%PDF-") or not starts:
        raise _DamagedError
    found = re.search(rb"/Info\s+(\d+)\s+0\s+R", data[data.rfind(b"trailer") :])
    table = re.compile(rb"\s*xref\s+0\s+(\d+)\s+").match(data, int(starts[-1]))
    if not found or not table:  # written by another tool, in a form that this package never uses
        return None
    line = table.end() + 20 * int(found[1])
    info = data[int(data[line : line + 10] or b"0") :]
    info = info[: info.find(b"endobj")]
    if _pdf_string(info, b"/Creator") != MAKER:
        return None
    return _pdf_string(info, b"/Subject")


_PDF_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _pdf_string(info: bytes, key: bytes) -> str | None:
    """Return the text of the literal string that follows `key` in a dictionary."""
    found = re.search(key + rb"\s*\(((?:[^\\()]|\\.)*)\)", info, re.DOTALL)
    if not found:
        return None

    def plain(escape_sequence: re.Match[bytes]) -> bytes:
        code = escape_sequence[1]
        return bytes([int(code, 8) & 255]) if code.isdigit() else _PDF_ESCAPES.get(code, code)

    data = re.sub(rb"\\([0-7]{1,3}|.)", plain, found[1], flags=re.DOTALL)
    return data.decode("utf-16" if data.startswith(b"\xfe\xff") else "latin-1")


def _read_ply(place: Path) -> str | None:
    with place.open("rb") as file:
        if file.readline(16).strip() != b"ply":
            raise _DamagedError
        return _from_comments(iter(lambda: file.readline(_LIMIT), b""), "comment", b"end_header")


def _read_obj(place: Path) -> str | None:
    with place.open("rb") as file:
        if not (start := file.read(1)) or start == b"\0":
            raise _DamagedError
        file.seek(0)
        return _from_comments(iter(lambda: file.readline(_LIMIT), b""), "#", b"v ")


def _from_comments(lines: Iterator[bytes], mark: str, end: bytes) -> str | None:
    """Return the recipe among the comments of a text's lines; nothing after `end` is looked at."""
    found: list[str] | None = None
    for line in lines:
        if line.startswith(end):
            break
        text = line.decode("ascii", "replace").rstrip("\r\n").removeprefix(mark).removeprefix(" ")
        if text == _LAST_COMMENT and found is not None:
            return ("" if found[0].startswith(CODED) else "\n").join(found)
        if found is not None:
            found.append(text)
        elif text == _FIRST_COMMENT:
            found = []
    if found is not None:
        raise _DamagedError
    return None


def _read_vtp(place: Path) -> str | None:
    from xml.etree import ElementTree

    from landscape.relief.export_vtp import decode_text

    try:
        # Only up to the points, as the recipe stands before them.
        for event, element in ElementTree.iterparse(place, ("start", "end")):
            if event == "start" and element.tag == "Piece":
                return None
            if event == "end" and element.tag == "Array" and element.get("Name") == "recipe":
                return decode_text(element.text or "")
    except (ElementTree.ParseError, ValueError) as error:
        raise _DamagedError from error
    return None


def _read_npz(place: Path) -> str | None:
    import zipfile

    import numpy as np

    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            found = saved["recipe"] if "recipe" in saved else np.array("")
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise _DamagedError from error
    return str(found[()]) if found.shape == () and found.dtype.kind == "U" else None


READERS: dict[str, Callable[[Path], str | None]] = {
    ".gif": _read_gif,
    ".mp4": _read_video,
    ".webm": _read_video,
    ".webp": _read_webp,
    ".png": _read_png,
    ".apng": _read_png,
    ".svg": _read_svg,
    ".pdf": _read_pdf,
    ".ply": _read_ply,
    ".obj": _read_obj,
    ".vtp": _read_vtp,
    ".npz": _read_npz,
}
