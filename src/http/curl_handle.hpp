// libcurl's handles, owned; and the one way to set an option.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <type_traits>

namespace bqconn::http {

// Calls curl_global_init() the first time. Not before: it reads SSLKEYLOGFILE, which main() unsets.
void init_curl();

// Throws TransportError.
[[noreturn]] void throw_option_refused(CURLoption option, CURLcode code);

// Something can be read from it, or its other end is gone.
bool is_readable(int fd);

class CurlEasy {
  public:
    CurlEasy();
    CURL* get() const { return handle_.get(); }
    void reset() { curl_easy_reset(handle_.get()); }

    // curl_easy_setopt() takes anything: an int where it reads a long compiles. Here the type must
    // be the one that the option's number asks for, and a refusal is an exception.
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

    long info(CURLINFO what) const;  // of those that are a long; 0 if unknown

  private:
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

// A multi handle owns the connection that is kept for the next call; no more than one.
class CurlMulti {
  public:
    CurlMulti();
    CURLM* get() const { return handle_.get(); }

  private:
    std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> handle_;
};

// While it lives, the easy handle is under way in the multi handle. Ends the transfer, and takes
// back every option: none may point to what is gone.
class CurlRun {
  public:
    CurlRun(CurlMulti& multi, CurlEasy& easy);
    ~CurlRun();
    CurlRun(const CurlRun&) = delete;
    CurlRun& operator=(const CurlRun&) = delete;

    // True if `interrupt_fd` became readable before the transfer ended. Otherwise `result` is how
    // it ended.
    bool wait(int interrupt_fd, CURLcode& result);

  private:
    CurlMulti& multi_;
    CurlEasy& easy_;
};

}  // namespace bqconn::http
