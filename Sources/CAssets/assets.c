// The files of Sources/axidrawd/Page/Assets, put into the binary by the compiler; a new file is named here twice.
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char buttons_js[] = {
#embed "../axidrawd/Page/Assets/buttons.js"
};
static const unsigned char icon_svg[] = {
#embed "../axidrawd/Page/Assets/icon.svg"
};
static const unsigned char ink_js[] = {
#embed "../axidrawd/Page/Assets/ink.js"
};
static const unsigned char installation_html[] = {
#embed "../axidrawd/Page/Assets/installation.html"
};
static const unsigned char installation_js[] = {
#embed "../axidrawd/Page/Assets/installation.js"
};
static const unsigned char login_html[] = {
#embed "../axidrawd/Page/Assets/login.html"
};
static const unsigned char login_js[] = {
#embed "../axidrawd/Page/Assets/login.js"
};
static const unsigned char page_css[] = {
#embed "../axidrawd/Page/Assets/page.css"
};
static const unsigned char page_html[] = {
#embed "../axidrawd/Page/Assets/page.html"
};
static const unsigned char page_js[] = {
#embed "../axidrawd/Page/Assets/page.js"
};
static const unsigned char preview_css[] = {
#embed "../axidrawd/Page/Assets/preview.css"
};
static const unsigned char preview_html[] = {
#embed "../axidrawd/Page/Assets/preview.html"
};
static const unsigned char preview_js[] = {
#embed "../axidrawd/Page/Assets/preview.js"
};

#define ASSET(name, bytes) {name, bytes, sizeof bytes}
static const struct Asset assets[] = {
    ASSET("buttons.js", buttons_js),
    ASSET("icon.svg", icon_svg),
    ASSET("ink.js", ink_js),
    ASSET("installation.html", installation_html),
    ASSET("installation.js", installation_js),
    ASSET("login.html", login_html),
    ASSET("login.js", login_js),
    ASSET("page.css", page_css),
    ASSET("page.html", page_html),
    ASSET("page.js", page_js),
    ASSET("preview.css", preview_css),
    ASSET("preview.html", preview_html),
    ASSET("preview.js", preview_js),
};

size_t asset_count(void) { return sizeof assets / sizeof assets[0]; }

struct Asset asset_at(size_t number) { return assets[number]; }
