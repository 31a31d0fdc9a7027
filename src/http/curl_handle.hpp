// RAII wrappers for libcurl's handles, with type-checked options.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <type_traits>

namespace bqconn::http {

// Calls curl_global_init() once, after main() has unset SSLKEYLOGFILE, which it reads.
void init_curl();

// Throws TransportError.
[[noreturn]] void throw_option_refused(CURLoption option, CURLcode code);

// True if data can be read or the other end is closed.
bool is_readable(int fd);

class CurlEasy {
  public:
    CurlEasy();
    CURL* get() const { return handle_.get(); }
    void reset() { curl_easy_reset(handle_.get()); }

    // curl_easy_setopt() accepts any type: an int where it reads a long compiles. This checks the
    // type against the option's number, and throws on failure.
    template <CURLoption option, class Value>
    void set(Value value) {
        constexpr int kind = option / 10'000 * 10'000;
        static_assert(kind != CURLOPTTYPE_LONG || std::is_same_v<Value, long>);
        static_assert(kind != CURLOPTTYPE_OFF_T || std::is_same_v<Value, curl_off_t>);
        static_assert(kind != CURLOPTTYPE_OBJECTPOINT || std::is_pointer_v<Value>);
        static_assert(kind != CURLOPTTYPE_FUNCTIONPOINT ||
                      std::is_function_v<std::remove_pointer_t<Value>>);
        const CURLcode code = curl_easy_setopt(handle_.get(), option, value);
        if (code != CURLE_OK) {
            throw_option_refused(option, code);
        }
    }

    // The socket of the last transfer; CURL_SOCKET_BAD once it is closed.
    curl_socket_t socket() const;

    long info(CURLINFO what) const;  // for values of type long; 0 if unknown

  private:
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

// Owns the one connection kept for the next call.
class CurlMulti {
  public:
    CurlMulti();
    CURLM* get() const { return handle_.get(); }

  private:
    std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> handle_;
};

// Runs the easy handle in the multi handle. The destructor ends the transfer and resets every
// option, so that none dangles.
class CurlRun {
  public:
    CurlRun(CurlMulti& multi, CurlEasy& easy);
    ~CurlRun();
    CurlRun(const CurlRun&) = delete;
    CurlRun& operator=(const CurlRun&) = delete;

    // True if `interrupt_fd` became readable before the transfer ended. Otherwise sets `result`.
    bool wait(int interrupt_fd, CURLcode& result);

  private:
    CurlMulti& multi_;
    CurlEasy& easy_;
};

}  // namespace bqconn::http
