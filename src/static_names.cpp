// Only in bqconn-static: host names are found by /etc/hosts and DNS, whatever /etc/nsswitch.conf
// says. A module of the system's C library would bring that library into a process that has
// another one.
#include <nss.h>

namespace {

[[gnu::constructor]] void find_names_without_modules() {
    __nss_configure_lookup("hosts", "files dns");
}

}  // namespace
