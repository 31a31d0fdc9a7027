#include "curl_handle.hpp"

#include <poll.h>

#include <mutex>
#include <new>
#include <string>

#include "bqconn/http/transport.hpp"

namespace bqconn::http {
namespace {

// libcurl shortens it to its own next timer.
constexpr int longest_wait_ms = 60'000;

[[noreturn]] void throw_unusable(const std::string& what) {
    throw TransportError(Sent::no, ExitCode::network, "network.other", what, "");
}

}  // namespace

// Errors and hang-ups count too: a closed pipe must not make a wait spin.
bool is_readable(int fd) {
    pollfd one{fd, POLLIN, 0};
    return fd >= 0 && poll(&one, 1, 0) > 0;
}

void init_curl() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
            throw_unusable("cannot initialise libcurl");
        }
    });
}

void throw_option_refused(CURLoption option, CURLcode code) {
    throw_unusable("libcurl " + std::string(curl_version_info(CURLVERSION_NOW)->version) +
                   " rejected option " + std::to_string(option) + ": " + curl_easy_strerror(code));
}

CurlEasy::CurlEasy() : handle_(curl_easy_init(), curl_easy_cleanup) {
    if (!handle_) {
        throw std::bad_alloc();
    }
}

long CurlEasy::info(CURLINFO what) const {
    long value = 0;
    return curl_easy_getinfo(handle_.get(), what, &value) == CURLE_OK ? value : 0;
}

curl_socket_t CurlEasy::socket() const {
    curl_socket_t socket = CURL_SOCKET_BAD;
    const CURLcode code = curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket);
    return code == CURLE_OK ? socket : CURL_SOCKET_BAD;
}

CurlMulti::CurlMulti() : handle_(curl_multi_init(), curl_multi_cleanup) {
    if (!handle_ || curl_multi_setopt(handle_.get(), CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) {
        throw std::bad_alloc();
    }
}

CurlRun::CurlRun(CurlMulti& multi, CurlEasy& easy) : multi_(multi), easy_(easy) {
    const CURLMcode code = curl_multi_add_handle(multi.get(), easy.get());
    if (code != CURLM_OK) {
        throw_unusable(curl_multi_strerror(code));
    }
}

CurlRun::~CurlRun() {
    curl_multi_remove_handle(multi_.get(), easy_.get());
    easy_.reset();
}

// curl_easy_perform() keeps waiting after a signal (it restarts poll on EINTR), so the signal
// handler's descriptor is polled together with libcurl's own.
bool CurlRun::wait(int interrupt_fd, CURLcode& result) {
    for (;;) {
        if (is_readable(interrupt_fd)) {
            return true;
        }
        int running = 0;
        CURLMcode code = curl_multi_perform(multi_.get(), &running);
        if (code == CURLM_OK && running == 0) {
            break;
        }
        if (code == CURLM_OK) {
            curl_waitfd extra{interrupt_fd, CURL_WAIT_POLLIN, 0};
            code = curl_multi_poll(multi_.get(), &extra, interrupt_fd >= 0 ? 1 : 0, longest_wait_ms,
                                   nullptr);
        }
        if (code != CURLM_OK) {
            result = CURLE_UNRECOVERABLE_POLL;
            return false;
        }
    }
    int left = 0;
    const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left);
    result = message == nullptr ? CURLE_UNRECOVERABLE_POLL : message->data.result;
    return false;
}

}  // namespace bqconn::http
