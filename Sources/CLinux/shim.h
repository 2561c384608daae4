// What Swift's Glibc module hides because it was built without _GNU_SOURCE: prototypes and headers only, no code.
#pragma once
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
int posix_openpt(int flags);
int grantpt(int descriptor);
int unlockpt(int descriptor);
int ptsname_r(int descriptor, char *buffer, size_t length);
