/* `royale version`: what this build is, and of what. */
#ifndef RY_TOOLS_CLI_VERSION_H
#define RY_TOOLS_CLI_VERSION_H

/* What the build knew of itself. tools/package/about.sh writes the only one, which the program
 * alone is linked with, so that no commit makes tests anew. */
struct ry_cli_about {
    const char *commit; /* 40 hexadecimal digits, perhaps "and changes"; or why it is not known */
    const char *flags;  /* of the compiler, without paths and warnings */
    const char *libraries; /* "yaml-0.1 0.2.5\n" each, as pkg-config names them; sorted */
};
extern const struct ry_cli_about ry_cli_about;

int ry_cli_version(int argc, char **argv);

#endif
