/* royale-web: a battle as a page, an API, a stream and figures for machines, over HTTP. */
#ifndef RY_TOOLS_WEB_WEB_H
#define RY_TOOLS_WEB_WEB_H

int ry_web_main(int argc, char **argv);

/* As a role of a battle that runs (core/role/role.h). */
int ry_web_role_main(int argc, char **argv);

#endif
