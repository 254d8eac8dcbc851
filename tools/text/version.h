/* The version of the whole house. */
#ifndef RY_TOOLS_TEXT_VERSION_H
#define RY_TOOLS_TEXT_VERSION_H

#define RY_VERSION "0.1.0-dev"

#endif
