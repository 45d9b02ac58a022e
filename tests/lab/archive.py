"""Deterministic archives for the lab's repositories: the same bytes on every run.

Touches nothing: bytes in, bytes out.
"""
import base64
import gzip
import hashlib
import io
import tarfile
import zipfile

EPOCH = 499162500  # 1985-10-26, the time stamp that npm itself gives to packed files


def tgz(files):
    """A .tar.gz of {path: text or (text, mode)}."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, content in files.items():
            text, mode = content if isinstance(content, tuple) else (content, 0o644)
            data = text.encode()
            info = tarfile.TarInfo(path)
            info.size, info.mode, info.mtime = len(data), mode, EPOCH
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(plain.getvalue(), mtime=0)


def zipped(files):
    """A .zip of {path: text or bytes or (text or bytes, mode)}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            data, mode = content if isinstance(content, tuple) else (content, 0o644)
            info = zipfile.ZipInfo(path, (1985, 10, 26, 8, 15, 0))
            info.external_attr = (0o100000 | mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def integrity(data):
    """npm's integrity string."""
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
