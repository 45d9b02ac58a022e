/* One CA certificate that never changes. Public: its key was thrown away. */
#ifndef TRUST_FIXED_H
#define TRUST_FIXED_H

static const char fixed_pem[] = "-----BEGIN CERTIFICATE-----\n"
                                "MIIBszCCAVmgAwIBAgIUdauXKATRCKshE7W2ZwaSWeX0Xe0wCgYIKoZIzj0EAwIw\n"
                                "LjEUMBIGA1UECgwLc2h1bnQgdGVzdHMxFjAUBgNVBAMMDUZpeGVkIFRlc3QgQ0Ew\n"
                                "IBcNMjYxMTIxMTI0NTA0WhgPMjEyNjEwMjgxMjQ1MDRaMC4xFDASBgNVBAoMC3No\n"
                                "dW50IHRlc3RzMRYwFAYDVQQDDA1GaXhlZCBUZXN0IENBMFkwEwYHKoZIzj0CAQYI\n"
                                "KoZIzj0DAQcDQgAElAwS2StUtlKMA+GJgmhl9N62NWJnqYGhJXpxqjCK4LfnHb1w\n"
                                "7A6qWrAk8NetPt0ZWRUowVeXIGp7rivE1AD0jqNTMFEwHQYDVR0OBBYEFIa3GmQ7\n"
                                "aV9gBG5YecfT8X8edru7MB8GA1UdIwQYMBaAFIa3GmQ7aV9gBG5YecfT8X8edru7\n"
                                "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgaGf9FpA3m+Q+PUOG\n"
                                "HXa7F2b09zgYjF5MvhaUEMFP50QCIQCwyDZtlrbXIOHdqjKyhwIvP/4X0qNkVBf4\n"
                                "LlEYg63FLg==\n"
                                "-----END CERTIFICATE-----\n";

/* What `openssl x509 -subject_hash` prints of it. */
#define FIXED_HASH "9569f42c"

#endif
