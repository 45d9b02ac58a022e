# shellcheck shell=bash disable=SC2034
# The lab's credentials. Sourced, never exported: a test that greps /proc/*/environ must not find
# the lab itself. No file of a client may ever hold the mirror's.
LAB_USER='ci-user@corp'
LAB_PASSWORD='p@ss:w/r d&<>"'\''%41+;#='
LAB_TOKEN='npm_T0ken-of.the~mirror+/=='
# The team's own, for private.shunt.test: these live in the user's own files.
LAB_ACME_TOKEN='acme-token'
