#!/usr/bin/python3
"""Exports Debian's Maven repository as a remote repository and writes the test project.

usage: make_maven.py OUT
OUT/maven-proxy/   what the packages lib*-java installed below /usr/share/maven-repo, with checksums;
                   lab:greeting built here; Maven's own distribution as a zip, for the wrapper
OUT/maven-private/ acme:secret-sauce, for a private repository
OUT/project/       a project with resources, compiler, surefire and jar plugins at Debian's versions
Reads /usr/share/maven-repo and the home of mvn, runs javac and jar, writes below OUT only.
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

from archive import zipped

DEBIAN_REPOSITORY = pathlib.Path("/usr/share/maven-repo")
PLUGINS = ("maven-resources-plugin", "maven-compiler-plugin", "maven-surefire-plugin",
           "maven-jar-plugin")

POM = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>{group}</groupId>
  <artifactId>{artifact}</artifactId>
  <version>1.0</version>
{rest}</project>
"""

METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<metadata>
  <groupId>{group}</groupId>
  <artifactId>{artifact}</artifactId>
  <versioning>
    <latest>1.0</latest>
    <release>1.0</release>
    <versions><version>1.0</version></versions>
    <lastUpdated>20240101000000</lastUpdated>
  </versioning>
</metadata>
"""

PROJECT = """  <packaging>jar</packaging>
  <properties>
    <maven.compiler.release>{release}</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <project.build.outputTimestamp>2024-01-01T00:00:00Z</project.build.outputTimestamp>
  </properties>
  <dependencies>
    <dependency>
      <groupId>lab</groupId>
      <artifactId>greeting</artifactId>
      <version>1.0</version>
    </dependency>
  </dependencies>
  <build>
    <plugins>
{plugins}    </plugins>
  </build>
"""

PLUGIN = """      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>{0}</artifactId>
        <version>{1}</version>
      </plugin>
"""


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def publish(path, data):
    """Writes a file of a repository beside its checksum."""
    data = data if isinstance(data, bytes) else data.encode()
    write(path, data)
    write(path.with_name(path.name + ".sha1"), hashlib.sha1(data).hexdigest())


def export_debian(out):
    """A link for each file: the repository is 70 MB. Dangling links of absent packages are left out."""
    for folder, _, names in os.walk(DEBIAN_REPOSITORY):
        for name in names:
            source = (pathlib.Path(folder) / name).resolve()
            if not source.is_file():
                continue
            target = out / pathlib.Path(folder).relative_to(DEBIAN_REPOSITORY) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source)
            digest = hashlib.sha1(source.read_bytes()).hexdigest()
            write(target.with_name(name + ".sha1"), digest)


def publish_artifact(out, group, artifact, source):
    """Compiles one class `source` = (class name, text) and publishes it as group:artifact:1.0."""
    with tempfile.TemporaryDirectory() as work:
        java = pathlib.Path(work) / f"{source[0]}.java"
        java.write_text(source[1])
        subprocess.run(["javac", "--release", "8", "-Xlint:-options", "-d", f"{work}/classes", java],
                       check=True)
        subprocess.run(["jar", "--create", "--file", f"{work}/out.jar", "-C", f"{work}/classes", "."],
                       check=True)
        jar = (pathlib.Path(work) / "out.jar").read_bytes()
    folder = out / group / artifact
    publish(folder / "1.0" / f"{artifact}-1.0.jar", jar)
    publish(folder / "1.0" / f"{artifact}-1.0.pom",
            POM.format(group=group, artifact=artifact, rest=""))
    publish(folder / "maven-metadata.xml", METADATA.format(group=group, artifact=artifact))


def export_distribution(out):
    """The machine's Maven in the layout of Apache's zip, which is what a wrapper unpacks."""
    home = pathlib.Path(shutil.which("mvn")).resolve().parent.parent
    with zipfile.ZipFile(next(home.glob("lib/maven-core*.jar"))) as core:
        properties = core.read("META-INF/maven/org.apache.maven/maven-core/pom.properties")
    version = re.search(r"version=(\S+)", properties.decode()).group(1)
    top, files = f"apache-maven-{version}", {}
    for folder, _, names in os.walk(home, followlinks=True):
        for name in sorted(names):
            path = pathlib.Path(folder) / name
            if path.is_file() and "man" not in path.parts:
                mode = 0o755 if os.access(path, os.X_OK) else 0o644
                inside = path.relative_to(home)
                files[f"{top}/{inside}"] = (path.read_bytes(), mode)
    name = f"org/apache/maven/apache-maven/{version}/{top}-bin.zip"
    publish(out / name, zipped(files))
    return version


def plugin_version(artifact):
    folder = DEBIAN_REPOSITORY / "org/apache/maven/plugins" / artifact
    jars = list(folder.glob("*/*.jar"))
    if not jars:
        sys.exit(f"{artifact} is not below {DEBIAN_REPOSITORY}: run scripts/bootstrap.sh")
    return jars[0].parent.name


def java_release():
    text = subprocess.run(["javac", "-version"], check=True, capture_output=True, text=True)
    return re.search(r"(\d+)", text.stdout + text.stderr).group(1)


def write_project(out):
    plugins = "".join(PLUGIN.format(name, plugin_version(name)) for name in PLUGINS)
    rest = PROJECT.format(release=java_release(), plugins=plugins)
    write(out / "pom.xml", POM.format(group="lab", artifact="lab-app", rest=rest))
    write(out / "src/main/resources/app.properties", "greeting=from the mirror\n")
    write(out / "src/main/java/lab/App.java",
          "package lab;\n\npublic class App {\n    public static void main(String[] args) {\n"
          "        System.out.println(Greeting.text());\n    }\n}\n")


def main():
    out = pathlib.Path(sys.argv[1])
    repository = out / "maven-proxy"
    export_debian(repository)
    publish_artifact(repository, "lab", "greeting",
                     ("Greeting", "package lab;\npublic class Greeting {\n  public static String "
                                  "text() { return \"hello from the mirror\"; }\n}\n"))
    publish_artifact(out / "maven-private", "acme", "sauce",
                     ("Sauce", "package acme;\npublic class Sauce { }\n"))
    write(out / "distribution-version", export_distribution(repository))
    write_project(out / "project")


main()
