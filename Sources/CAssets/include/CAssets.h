// The files of the web front as they are in the binary.
#pragma once
#include <stddef.h>

struct Asset {
    /// File name, such as `page.css`.
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

size_t asset_count(void);
/// The file with this number, below `asset_count()`.
struct Asset asset_at(size_t number);
