#!/usr/bin/python3
"""Packs the lab's npm packages and writes two registries and the test project.

usage: make_npm.py OUT MIRROR_URL PRIVATE_URL
OUT/npm-proxy/   packuments and tarballs of the public packages, as the mirror serves them
OUT/npm-private/ the same for the scope @acme
OUT/project/     a project whose package-lock.json names the public registry
Writes below OUT only.
"""
import json
import pathlib
import sys

from archive import integrity, tgz

PUBLIC_URL = "https://registry.npmjs.org/"

# name, version, dependencies. Ordered so that the last version of a name is its `latest`.
PUBLIC = [
    ("lab-web", "1.4.0", {"lab-router": "^1.0.0", "lab-body": "^1.0.0", "lab-log": "^2.0.0",
                          "lab-mime": "^1.0.0"}),
    ("lab-router", "1.0.3", {"lab-path": "^1.0.0", "lab-method": "^1.0.0", "@lab/core": "^1.0.0"}),
    ("lab-body", "1.1.0", {"lab-bytes": "^1.0.0", "lab-stream": "^1.0.0", "lab-charset": "^1.0.0"}),
    ("lab-mime", "1.0.1", {"lab-mime-db": "^1.0.0"}),
    ("lab-mime-db", "1.52.0", {}),
    ("lab-log", "1.0.0", {}),
    ("lab-log", "2.0.0", {"lab-colors": "^2.0.0", "lab-time": "^1.0.0"}),
    ("lab-colors", "1.0.0", {}),
    ("lab-colors", "1.1.0", {}),
    ("lab-colors", "2.0.0", {}),
    ("lab-time", "1.0.0", {}),
    ("lab-path", "1.0.0", {}),
    ("lab-method", "1.0.0", {}),
    ("lab-bytes", "1.0.0", {}),
    ("lab-stream", "1.0.0", {"lab-events": "^1.0.0"}),
    ("lab-charset", "1.0.0", {}),
    ("@lab/core", "1.0.0", {"@lab/types": "^1.0.0", "lab-events": "^1.0.0"}),
    ("@lab/types", "1.0.0", {}),
    ("lab-events", "1.0.0", {}),
    ("lab-cli", "1.2.0", {"lab-args": "^1.0.0", "lab-colors": "^1.0.0", "lab-spin": "^1.0.0"}),
    ("lab-args", "1.0.0", {"lab-camel": "^1.0.0", "lab-wrap": "^1.0.0"}),
    ("lab-camel", "1.0.0", {}),
    ("lab-wrap", "1.0.0", {"lab-width": "^1.0.0", "lab-ansi": "^1.0.0"}),
    ("lab-width", "1.0.0", {"lab-ansi": "^1.0.0"}),
    ("lab-ansi", "1.0.0", {}),
    ("lab-spin", "1.0.0", {"lab-cursor": "^1.0.0"}),
    ("lab-cursor", "1.0.0", {"lab-tty": "^1.0.0"}),
    ("lab-tty", "1.0.0", {}),
    ("lab-fmt", "1.0.0", {"lab-indent": "^1.0.0"}),
    ("lab-indent", "1.0.0", {}),
    ("lab-test", "1.0.0", {"lab-assert": "^1.0.0", "lab-diff": "^1.0.0"}),
    ("lab-assert", "1.0.0", {}),
    ("lab-diff", "1.0.0", {}),
]
PRIVATE = [("@acme/widget", "1.0.0", {})]

PROJECT = {
    "name": "lab-app",
    "version": "1.0.0",
    "private": True,
    "dependencies": {"@acme/widget": "^1.0.0", "@lab/core": "^1.0.0", "lab-cli": "^1.0.0",
                     "lab-fmt": "^1.0.0", "lab-web": "^1.0.0"},
    "devDependencies": {"lab-test": "^1.0.0"},
}

INDEX = """const own = require('./package.json');
const below = Object.keys(own.dependencies || {}).map((name) => require(name).count);
exports.name = own.name;
exports.count = below.reduce((sum, n) => sum + n, 1);
"""

BIN = """#!/usr/bin/env node
console.log('hello from lab-cli ' + require('./package.json').version);
"""

# A lifecycle script sees what any dependency's author sees; its environment is kept for the tests.
POSTINSTALL = """console.log('lab-cli postinstall ran');
require('fs').writeFileSync(__dirname + '/environment.json', JSON.stringify(process.env));
"""


def manifest(name, version, dependencies):
    package = {"name": name, "version": version, "main": "index.js", "license": "MIT",
               "description": "package of the test lab", "dependencies": dependencies}
    if name == "lab-cli":
        package["bin"] = {"lab-hello": "hello.js"}
        package["scripts"] = {"postinstall": "node postinstall.js"}
    return package


def pack(package):
    files = {"package/package.json": json.dumps(package, indent=2) + "\n",
             "package/index.js": INDEX}
    if "bin" in package:
        files["package/hello.js"] = (BIN, 0o755)
        files["package/postinstall.js"] = POSTINSTALL
    return tgz(files)


def tarball_path(name, version):
    return f"{name}/-/{name.split('/')[-1]}-{version}.tgz"


def write_registry(folder, url, packages):
    """Returns {(name, version): manifest with dist} and writes what the registry serves."""
    documents, released = {}, {}
    for name, version, dependencies in packages:
        package = manifest(name, version, dependencies)
        data = pack(package)
        path = tarball_path(name, version)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        release = dict(package, _id=f"{name}@{version}",
                       dist={"tarball": url + path, "integrity": integrity(data)})
        if "scripts" in package:
            release["hasInstallScript"] = True
        document = documents.setdefault(name, {"_id": name, "name": name, "versions": {},
                                               "modified": "2024-01-01T00:00:00.000Z"})
        document["versions"][version] = release
        document["dist-tags"] = {"latest": version}
        released[name, version] = release
    for name, document in documents.items():
        (folder / name / "index.json").write_text(json.dumps(document))
    return released


def satisfies(version, wanted):
    return version.split(".")[0] == wanted.lstrip("^").split(".")[0]


def lockfile(released, private):
    """package-lock.json version 3 as npm writes it, with every public tarball at the public host."""
    packages = {"": {key: PROJECT[key] for key in PROJECT if key != "private"}}
    chosen = {}

    def place(name, wanted, parent, dev):
        version = [v for n, v in released if n == name and satisfies(v, wanted)][-1]
        where = f"node_modules/{name}"
        if chosen.setdefault(name, version) != version:
            where = f"{parent}/node_modules/{name}"
        if where in packages:
            return
        release = released[name, version]
        base = private if name.startswith("@acme/") else PUBLIC_URL
        entry = {"version": version, "resolved": base + tarball_path(name, version),
                 "integrity": release["dist"]["integrity"], "license": "MIT"}
        if dev:
            entry["dev"] = True
        if "bin" in release:
            entry["hasInstallScript"] = True
        for key in ("dependencies", "bin"):
            if release.get(key):
                entry[key] = release[key]
        packages[where] = entry
        for below, below_wanted in release["dependencies"].items():
            place(below, below_wanted, where, dev)

    # lab-web first: its lab-colors 2 is the one at the top, lab-cli's 1 is nested, as npm does it.
    for name in ("lab-web", "@acme/widget", "@lab/core", "lab-cli", "lab-fmt"):
        place(name, PROJECT["dependencies"][name], "", False)
    for name, wanted in PROJECT["devDependencies"].items():
        place(name, wanted, "", True)
    ordered = dict(sorted(packages.items()))
    return {"name": PROJECT["name"], "version": PROJECT["version"], "lockfileVersion": 3,
            "requires": True, "packages": ordered}


def main():
    out, mirror, private = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    released = write_registry(out / "npm-proxy", mirror, PUBLIC)
    released.update(write_registry(out / "npm-private", private, PRIVATE))
    project = out / "project"
    project.mkdir(parents=True)
    (project / "package.json").write_text(json.dumps(PROJECT, indent=2) + "\n")
    (project / "package-lock.json").write_text(json.dumps(lockfile(released, private), indent=2)
                                               + "\n")
    (project / ".npmrc").write_text(f"; the team's own registry\n@acme:registry={private}\n")
    (project / "app.js").write_text(
        "const names = Object.keys(require('./package.json').dependencies);\n"
        "const total = names.reduce((sum, name) => sum + require(name).count, 0);\n"
        "console.log('lab-app loaded ' + total + ' modules');\n")


main()
