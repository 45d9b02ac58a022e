/* The table of keys: every key of the two documents that the product implements, and our own.
 * Pure data, in documentation order.
 *
 * The support matrix is the first document's. A -username, -password or -token follows its -url.
 * Cargo is not in that document: only buildpack builds can contain Rust, so it has that strategy
 * alone. The checksum database follows the Go proxy, the Gradle distributions follow Gradle. Our
 * keys that belong to no registry of a language (mirror-ca, github-*, ballerina-*) and the second
 * document's flags hold for every strategy, its URLs for those of the key that they stand for. */
#include "shunt/keys.h"

#include <string.h>

#define BIT(strategy) (1u << STRATEGY_##strategy)
#define EVERY         ((1u << STRATEGY_COUNT) - 1)
/* Without SHUNT_STRATEGY there is no matrix: every row has the bit of NONE. */
#define IN_BUILDPACK           (BIT(NONE) | BIT(BUILDPACK))
#define IN_BUILDPACK_BALLERINA (IN_BUILDPACK | BIT(BALLERINA))
#define IN_MAVEN               (IN_BUILDPACK_BALLERINA | BIT(MI))
#define IN_NPM                 (IN_BUILDPACK | BIT(WEBAPP) | BIT(TEST_RUNNER))
#define IN_DOCKERHUB           (IN_NPM | BIT(BYOC))
#define IN_CHOREO              (IN_BUILDPACK | BIT(WEBAPP) | BIT(PRISM))

/* A registry: where it is, and three ways to prove who asks. */
#define REGISTRY(key, kind, owner, strategies, title)                                              \
    {key "-url", kind, strategies, owner, NULL, title},                                            \
        {key "-username", KEY_NAME, strategies, owner, NULL, title ": user name"},                 \
        {key "-password", KEY_SECRET, strategies, owner, NULL, title ": password"},                \
    {                                                                                              \
        key "-token", KEY_SECRET, strategies, owner, NULL,                                         \
            title ": bearer token, before a password"                                              \
    }
#define PACKAGES(key, owner, strategies, title) REGISTRY(key, KEY_URL, owner, strategies, title)
#define IMAGE(what, strategies, title)                                                             \
    {                                                                                              \
        "image-" what "-ref", KEY_IMAGE, strategies, "image", NULL, title                          \
    }
#define ALIAS(pkg, owner, strategies, canonical, title)                                            \
    {                                                                                              \
        "package-registry-proxy-" pkg "-url", KEY_URL, strategies, owner, canonical, title         \
    }

static const struct key_info table[] = {
    PACKAGES("pkg-npm", "npm", IN_NPM, "npm registry"),
    PACKAGES("pkg-maven", "maven", IN_MAVEN, "Maven repository"),
    PACKAGES("pkg-gradle", "gradle", IN_BUILDPACK_BALLERINA, "Gradle repository"),
    PACKAGES("pkg-nuget", "nuget", IN_BUILDPACK_BALLERINA, "NuGet source"),
    PACKAGES("pkg-python", "python", IN_BUILDPACK_BALLERINA, "PyPI simple index"),
    PACKAGES("pkg-go", "go", IN_BUILDPACK_BALLERINA, "Go module proxy"),
    PACKAGES("pkg-composer", "composer", IN_BUILDPACK_BALLERINA, "Composer repository"),
    PACKAGES("pkg-rubygems", "rubygems", IN_BUILDPACK_BALLERINA, "RubyGems source"),
    PACKAGES("pkg-cargo", "cargo", IN_BUILDPACK, "Cargo registry"),
    PACKAGES("pkg-gosum", "gosum", IN_BUILDPACK_BALLERINA, "Go checksum database"),
    PACKAGES("pkg-gradle-dist", "gradle", IN_BUILDPACK_BALLERINA, "Gradle distributions"),

    REGISTRY("oci-dockerhub", KEY_REGISTRY, "oci-dockerhub", IN_DOCKERHUB, "Docker Hub mirror"),
    REGISTRY("oci-choreo", KEY_REGISTRY, "oci-choreo", IN_CHOREO, "platform registry mirror"),
    REGISTRY("oci-buildpacks", KEY_REGISTRY, "oci-buildpacks", IN_MAVEN, "Buildpacks mirror"),

    IMAGE("node", BIT(NONE) | BIT(WEBAPP) | BIT(TEST_RUNNER), "Node.js base image"),
    IMAGE("nginx", BIT(NONE) | BIT(WEBAPP), "Nginx image that serves a web application"),
    IMAGE("prism", BIT(NONE) | BIT(PRISM), "Prism image"),
    IMAGE("golang", BIT(NONE) | BIT(PRISM), "Go image of Prism builds"),
    IMAGE("buildpacks-run", IN_BUILDPACK_BALLERINA, "Buildpacks run image"),
    IMAGE("buildpacks-lifecycle", IN_MAVEN, "Buildpacks lifecycle image"),
    IMAGE("buildpacks-builder", IN_MAVEN, "Buildpacks builder image"),

    {"mirror-ca", KEY_PEM, EVERY, "trust", NULL, "CA certificates of the mirror, PEM"},
    PACKAGES("github", "github", EVERY, "mirror of GitHub releases"),
    PACKAGES("ballerina", "ballerina", EVERY, "Ballerina Central mirror"),

    {"allow-package-registry-proxy", KEY_BOOL, EVERY, "proxy", NULL,
     "the administrator permits the package-registry-proxy keys"},
    {"enable-package-registry-proxy", KEY_BOOL, EVERY, "proxy", NULL,
     "the user's switch for the package-registry-proxy keys"},
    /* npm, Yarn and pnpm speak to one registry: the first of the three that is set counts. */
    ALIAS("npm", "npm", IN_NPM, "pkg-npm-url", "npm registry, as npm has it"),
    ALIAS("yarn", "npm", IN_NPM, "pkg-npm-url", "npm registry, as Yarn has it"),
    ALIAS("pnpm", "npm", IN_NPM, "pkg-npm-url", "npm registry, as pnpm has it"),
    ALIAS("gomod", "go", IN_BUILDPACK_BALLERINA, "pkg-go-url", "Go module proxy"),
    ALIAS("gomod-sum", "gosum", IN_BUILDPACK_BALLERINA, "pkg-gosum-url", "Go checksum database"),
    ALIAS("pip", "python", IN_BUILDPACK_BALLERINA, "pkg-python-url", "PyPI simple index"),
    ALIAS("cargo", "cargo", IN_BUILDPACK, "pkg-cargo-url", "Cargo registry"),
    ALIAS("bundler", "rubygems", IN_BUILDPACK_BALLERINA, "pkg-rubygems-url", "RubyGems source"),
};

const struct key_info *key_table(size_t *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}

const struct key_info *key_find(const char *name)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}
