#!/usr/bin/python3
"""Prints every form in which a secret of the lab could come to light, one a line.

usage: forms.py, with user, password and token on standard input, one a line.
Touches nothing else.
"""
import base64
import html
import json
import sys
import urllib.parse
import xml.sax.saxutils


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def main():
    user, password, token = sys.stdin.read().splitlines()[:3]
    forms = {
        encoded(f"{user}:{password}").rstrip("="),
        encoded(password).rstrip("="),
        encoded(f"{user}:not {password}").rstrip("="),
        encoded(f"not {password}").rstrip("="),
        encoded(f"__token__:{token}").rstrip("="),
    }
    for secret in (password, token):
        forms |= {
            secret,
            urllib.parse.quote(secret, safe=""),
            urllib.parse.quote(secret),
            urllib.parse.quote_plus(secret),
            html.escape(secret),
            html.escape(secret, quote=False),
            xml.sax.saxutils.escape(secret),
            xml.sax.saxutils.escape(secret, {'"': "&quot;"}),
            xml.sax.saxutils.escape(secret, {'"': "&quot;", "'": "&apos;"}),
            json.dumps(secret)[1:-1],
            secret.replace("%", "%%"),
        }
    print("\n".join(sorted(forms)))


main()
