// Only in bqconn-static: host names are found by /etc/hosts and DNS, whatever /etc/nsswitch.conf
// says. A module of the system's C library would bring that library into a process that has
// another one. The linker puts this instead of getaddrinfo (--wrap), so that a command that
// looks for no host does not read /etc/nsswitch.conf either.
#include <netdb.h>
#include <nss.h>

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names
extern "C" int __real_getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                                  addrinfo** found);
extern "C" int __wrap_getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                                  addrinfo** found);

int __wrap_getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                       addrinfo** found) {
    [[maybe_unused]] static const int without_modules =
        __nss_configure_lookup("hosts", "files dns");
    return __real_getaddrinfo(node, service, hints, found);
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
