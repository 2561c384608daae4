// Files that are in the binary: the web front, and what installing writes.
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

size_t deploy_count(void);
/// The file with this number, below `deploy_count()`.
struct Asset deploy_at(size_t number);
