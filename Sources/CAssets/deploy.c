// The files of deploy and udev that `axidrawd install` writes, put into the binary by the compiler.
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char service[] = {
#embed "../../deploy/axidrawd.service"
};
static const unsigned char socket[] = {
#embed "../../deploy/axidrawd.socket"
};
static const unsigned char user_service[] = {
#embed "../../deploy/axidrawd.user.service"
};
static const unsigned char rules[] = {
#embed "../../udev/70-axidraw.rules"
};

#define ASSET(name, bytes) {name, bytes, sizeof bytes}
static const struct Asset files[] = {
    ASSET("axidrawd.service", service),
    ASSET("axidrawd.socket", socket),
    ASSET("axidrawd.user.service", user_service),
    ASSET("70-axidraw.rules", rules),
};

size_t deploy_count(void) { return sizeof files / sizeof files[0]; }

struct Asset deploy_at(size_t number) { return files[number]; }
