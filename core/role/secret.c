#include "core/role/secret.h"

#include <sys/prctl.h>

#if defined(__has_feature)
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
#define TRACED true
#else
#define TRACED false
#endif

bool ry_role_keep_secret(bool secret)
{
    return prctl(PR_SET_DUMPABLE, secret ? 0 : 1, 0, 0, 0) == 0;
}

void ry_role_end_secret(void)
{
    if (TRACED)
        (void)ry_role_keep_secret(false);
}
