"""A form with files as a browser encodes it."""

from collections.abc import Mapping

BOUNDARY = "----WebKitFormBoundaryA1b2C3d4E5f6G7h8"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def encoded(fields: Mapping[str, str], files: Mapping[str, tuple[str, str, bytes]]) -> bytes:
    """Return the body: `files` are (name, type, content) by the name of their field."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    for name, (filename, media_type, content) in files.items():
        escaped = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        parts.append(f'name="{name}"; filename="{escaped}"\r\nContent-Type: {media_type}\r\n\r\n'.encode() + content)
    between = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(between + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()
