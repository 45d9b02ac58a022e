/* A CA certificate for tests; its key was thrown away. */
#ifndef SHUNT_TESTS_PEM_H
#define SHUNT_TESTS_PEM_H

static const char test_ca[] = "-----BEGIN CERTIFICATE-----\n"
                              "MIIBijCCAS+gAwIBAgIUFRGlpMIUtaR3aIg9LdCZzUo80XgwCgYIKoZIzj0EAwIw\n"
                              "GTEXMBUGA1UEAwwOVGVzdCBtaXJyb3IgQ0EwIBcNMjYxMTIxMTI0NjA3WhgPMjEy\n"
                              "NjEwMjgxMjQ2MDdaMBkxFzAVBgNVBAMMDlRlc3QgbWlycm9yIENBMFkwEwYHKoZI\n"
                              "zj0CAQYIKoZIzj0DAQcDQgAEJAcAIWO8DoyFpsOX50CIp73EVpIR382qZlmTAKP7\n"
                              "VrSa5nyph4OdVt1EFPsiV0d66Lt0F8ytfot7naI+feTaQKNTMFEwHQYDVR0OBBYE\n"
                              "FEiK3Fngfvm2IcLGwjjY0tWq5iLaMB8GA1UdIwQYMBaAFEiK3Fngfvm2IcLGwjjY\n"
                              "0tWq5iLaMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhALPe9KzL\n"
                              "LQIomaMrhkeOSdNCrXeNPylfBcutSJoC+jqLAiEAozB5knkml0WNcvQK3DLY0Opi\n"
                              "+QVXXziGfYzI4errEU8=\n"
                              "-----END CERTIFICATE-----";

#endif
