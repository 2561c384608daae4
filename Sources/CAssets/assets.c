// The files of Sources/axidrawd/Page/Assets, put into the binary by the compiler; a new file is named here twice.
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char again_js[] = {
#embed "../axidrawd/Page/Assets/again.js"
};
static const unsigned char buttons_js[] = {
#embed "../axidrawd/Page/Assets/buttons.js"
};
static const unsigned char drawing_js[] = {
#embed "../axidrawd/Page/Assets/drawing.js"
};
static const unsigned char head_html[] = {
#embed "../axidrawd/Page/Assets/head.html"
};
static const unsigned char history_js[] = {
#embed "../axidrawd/Page/Assets/history.js"
};
static const unsigned char hub_js[] = {
#embed "../axidrawd/Page/Assets/hub.js"
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
static const unsigned char machine_js[] = {
#embed "../axidrawd/Page/Assets/machine.js"
};
static const unsigned char model_js[] = {
#embed "../axidrawd/Page/Assets/model.js"
};
static const unsigned char none_html[] = {
#embed "../axidrawd/Page/Assets/none.html"
};
static const unsigned char options_js[] = {
#embed "../axidrawd/Page/Assets/options.js"
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
static const unsigned char picture_js[] = {
#embed "../axidrawd/Page/Assets/picture.js"
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
static const unsigned char queue_js[] = {
#embed "../axidrawd/Page/Assets/queue.js"
};
static const unsigned char screen_js[] = {
#embed "../axidrawd/Page/Assets/screen.js"
};
static const unsigned char sheet_js[] = {
#embed "../axidrawd/Page/Assets/sheet.js"
};
static const unsigned char stream_js[] = {
#embed "../axidrawd/Page/Assets/stream.js"
};
static const unsigned char tabs_js[] = {
#embed "../axidrawd/Page/Assets/tabs.js"
};
static const unsigned char talk_js[] = {
#embed "../axidrawd/Page/Assets/talk.js"
};
static const unsigned char timeline_js[] = {
#embed "../axidrawd/Page/Assets/timeline.js"
};
static const unsigned char turning_js[] = {
#embed "../axidrawd/Page/Assets/turning.js"
};
static const unsigned char view_js[] = {
#embed "../axidrawd/Page/Assets/view.js"
};
static const unsigned char words_js[] = {
#embed "../axidrawd/Page/Assets/words.js"
};

#define ASSET(name, bytes) {name, bytes, sizeof bytes}
static const struct Asset assets[] = {
    ASSET("again.js", again_js),
    ASSET("buttons.js", buttons_js),
    ASSET("drawing.js", drawing_js),
    ASSET("head.html", head_html),
    ASSET("history.js", history_js),
    ASSET("hub.js", hub_js),
    ASSET("icon.svg", icon_svg),
    ASSET("ink.js", ink_js),
    ASSET("installation.html", installation_html),
    ASSET("installation.js", installation_js),
    ASSET("login.html", login_html),
    ASSET("login.js", login_js),
    ASSET("machine.js", machine_js),
    ASSET("model.js", model_js),
    ASSET("none.html", none_html),
    ASSET("options.js", options_js),
    ASSET("page.css", page_css),
    ASSET("page.html", page_html),
    ASSET("page.js", page_js),
    ASSET("picture.js", picture_js),
    ASSET("preview.css", preview_css),
    ASSET("preview.html", preview_html),
    ASSET("preview.js", preview_js),
    ASSET("queue.js", queue_js),
    ASSET("screen.js", screen_js),
    ASSET("sheet.js", sheet_js),
    ASSET("stream.js", stream_js),
    ASSET("tabs.js", tabs_js),
    ASSET("talk.js", talk_js),
    ASSET("timeline.js", timeline_js),
    ASSET("turning.js", turning_js),
    ASSET("view.js", view_js),
    ASSET("words.js", words_js),
};

size_t asset_count(void) { return sizeof assets / sizeof assets[0]; }

struct Asset asset_at(size_t number) { return assets[number]; }
