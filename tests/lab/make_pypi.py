#!/usr/bin/python3
"""Builds the lab's Python packages and writes two simple indexes (PEP 503) and the test project.

usage: make_pypi.py OUT
OUT/pypi-proxy/{simple,packages}/   wheels, one sdist and its PEP 517 backend (itself a wheel)
OUT/pypi-private/{simple,packages}/ acme-tools
OUT/project/requirements.txt
Writes below OUT only.
"""
import base64
import hashlib
import pathlib
import sys

from archive import tgz, zipped

# Its wheel must come from the index too: pip installs it in a subprocess, for build isolation.
BACKEND = '''"""The smallest PEP 517 backend: wheels of one module, written with zipfile."""
import base64
import hashlib
import os
import zipfile


def _metadata():
    with open("PKG-INFO", encoding="utf-8") as file:
        return file.read()


def _field(name):
    lines = _metadata().splitlines()
    return next(line.split(": ", 1)[1] for line in lines if line.startswith(name + ": "))


def get_requires_for_build_wheel(config_settings=None):
    return ["lab-delta"]


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    import lab_delta  # comes from get_requires_for_build_wheel

    module, version = _field("Name").replace("-", "_"), _field("Version")
    info = f"{module}-{version}.dist-info"
    with open(module + ".py", encoding="utf-8") as file:
        source = file.read() + f"BUILT_WITH = {lab_delta.NAME!r}\\n"
    files = {module + ".py": source, info + "/METADATA": _metadata(),
             info + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: labbackend\\n"
                              "Root-Is-Purelib: true\\nTag: py3-none-any\\n"}
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{path},sha256={digest.decode()},{len(text.encode())}\\n"
    files[info + "/RECORD"] = record + f"{info}/RECORD,,\\n"
    name = f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name
'''

WHEELS = [
    ("lab-alpha", "1.0", ["lab-beta>=1.0"]),
    ("lab-beta", "1.0", []),
    ("lab-beta", "1.1", []),
    ("lab-gamma", "2.0", ["lab-beta", "lab-delta"]),
    ("lab-delta", "0.9", []),
    ("lab-epsilon", "3.0", ["lab-zeta"]),
    ("lab-zeta", "1.0", []),
]
REQUIREMENTS = "lab-alpha==1.0\nlab-gamma>=2\nlab-epsilon\nlab-source==1.0\n"


def metadata(name, version, requires):
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}",
             "Summary: package of the test lab", *(f"Requires-Dist: {r}" for r in requires)]
    return "\n".join(lines) + "\n"


def module_source(name, version):
    return f"NAME = {name!r}\nVERSION = {version!r}\n"


def wheel(name, version, requires, source):
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    files = {
        f"{module}.py": source,
        f"{info}/METADATA": metadata(name, version, requires),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: lab\nRoot-Is-Purelib: true\n"
                         "Tag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{path},sha256={digest.decode()},{len(text.encode())}\n"
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    return f"{module}-{version}-py3-none-any.whl", zipped(files)


def sdist(name, version, requires):
    module = name.replace("-", "_")
    top = f"{module}-{version}"
    return f"{top}.tar.gz", tgz({
        f"{top}/PKG-INFO": metadata(name, version, requires),
        f"{top}/pyproject.toml": '[build-system]\nrequires = ["labbackend"]\n'
                                 'build-backend = "labbackend"\n',
        f"{top}/{module}.py": module_source(name, version),
    })


def write_index(folder, files):
    """files: (project, file name, bytes). Links are relative, so they stay at the index's host."""
    pages = {}
    for project, name, data in files:
        path = folder / "packages" / project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        link = f'<a href="../../packages/{project}/{name}#sha256={digest}">{name}</a><br/>\n'
        pages[project] = pages.get(project, "") + link
    frame = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body>\n{1}</body></html>\n"
    for project, links in pages.items():
        page = folder / "simple" / project / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(frame.format(f"Links for {project}", links))
    names = "".join(f'<a href="{project}/">{project}</a><br/>\n' for project in sorted(pages))
    (folder / "simple" / "index.html").write_text(frame.format("Simple index", names))


def main():
    out = pathlib.Path(sys.argv[1])
    files = [(name, *wheel(name, version, requires, module_source(name, version)))
             for name, version, requires in WHEELS]
    files.append(("labbackend", *wheel("labbackend", "1.0", [], BACKEND)))
    files.append(("lab-source", *sdist("lab-source", "1.0", ["lab-delta"])))
    write_index(out / "pypi-proxy", files)
    tools = wheel("acme-tools", "1.0", ["lab-beta"], module_source("acme-tools", "1.0"))
    write_index(out / "pypi-private", [("acme-tools", *tools)])
    project = out / "project"
    project.mkdir(parents=True)
    (project / "requirements.txt").write_text(REQUIREMENTS)


main()
