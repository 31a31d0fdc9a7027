// HTTP as bqconn needs it: a request, a response, and the one interface that sends bytes. A 4xx or
// 5xx response is data; only a missing response is an exception.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::http {

enum class Method { get, post, patch, del };

std::string_view name_of(Method method);  // "GET", …

struct Header {
    std::string name;  // of a response: as received
    std::string value;
};

// How a call may be retried (http/retry.hpp).
enum class Retry {
    none,    // never
    read,    // changes nothing: after any temporary failure
    create,  // must not be applied twice: only if it is known not to have been applied
};

struct Request {
    Method method = Method::get;
    std::string url;              // absolute, already encoded
    std::vector<Header> headers;  // none is secret
    Secret authorization;         // the value of the header Authorization; empty: none is sent
    // If valid, used instead of `authorization`: it is fetched while the connection is opened. If
    // it is not ready soon afterwards, or holds an exception, nothing is sent (NotReady).
    std::shared_future<Secret> late_authorization;
    Secret body;  // empty: none is sent
    // Limit for the whole call, including connecting; none: the transport's own.
    std::optional<std::chrono::milliseconds> timeout;
    Retry retry = Retry::none;  // only RetryingTransport sends again
    // A change may be sent over the connection of the change just before it (RetryingTransport).
    bool in_series = false;
};

// The authorization of a request with an access token.
Secret bearer(const Secret& access_token);

// A POST of a form to an OAuth 2.0 token service.
Request form_request(std::string url, const Pairs& form, Retry retry);

struct Response {
    int status = 0;
    std::vector<Header> headers;
    std::string body;

    // The last header of that name, ignoring case; empty if there is none.
    std::string header(std::string_view name) const;
};

// Whether a request without a response may have been processed.
enum class Sent {
    no,     // no byte of the request was sent: DNS, connect, TLS, proxy
    maybe,  // all or part of the request was sent
};

// No complete response. exit_code() is `network`, `tls`, or `config` for an unusable file of
// trusted roots; the caller of a create turns `Sent::maybe` into `unknown`, the caller of a read
// keeps it. The codes are listed in docs and in src/http/curl_errors.hpp; "interrupted" comes from
// TransportOptions::interrupt_fd.
class TransportError : public Error {
  public:
    TransportError(Sent sent, ExitCode exit_code, std::string code, const std::string& message,
                   std::string hint)
        : Error(exit_code, std::move(code), message, std::move(hint)), sent_(sent) {}
    Sent sent() const { return sent_; }

  private:
    Sent sent_;
};

// Nothing was sent, because Request::late_authorization was not ready in time or failed, or the
// connection closed while waiting. Says nothing about the service.
class NotReady final : public TransportError {
  public:
    explicit NotReady(const std::string& message)
        : TransportError(Sent::no, ExitCode::network, "network.other", message, "") {}
};

// A longer time limit counts as this one.
inline constexpr std::chrono::milliseconds longest_call = std::chrono::hours(24);

// The options of a transport.
struct TransportOptions {
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{75'000};  // of a whole call, unless the request sets one
    std::string ca_file;                        // PEM file of trusted roots; empty: the system's
    // Folder of trusted roots, with the names that openssl rehash gives; empty: the system's.
    std::string ca_folder = {};
    // The hint if a loopback address refuses the connection; empty: the usual one.
    std::string loopback_hint = {};
    // Becomes readable when the run must stop (the read end of a pipe that a signal handler writes
    // to); never read from. -1: none.
    int interrupt_fd = -1;
    // Enforced while the response arrives.
    std::size_t largest_body = 8 * 1024 * 1024;
    std::size_t largest_headers = 64 * 1024;
};

class Transport {
  public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    // Sends `request` once; never retries or redirects. Throws TransportError.
    virtual Response send(const Request& request) = 0;
};

// A factory, because the options depend on the settings of the run.
using TransportFactory = std::function<std::unique_ptr<Transport>(const TransportOptions&)>;

}  // namespace bqconn::http
