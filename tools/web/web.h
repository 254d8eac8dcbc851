/* royale-web: the figures of a battle for machines, over HTTP. */
#ifndef RY_TOOLS_WEB_WEB_H
#define RY_TOOLS_WEB_WEB_H

int ry_web_main(int argc, char **argv);

#endif
