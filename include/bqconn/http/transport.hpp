// HTTP as bqconn needs it: a request, a response, and the one seam through which bytes leave.
// An answer of 4xx or 5xx is data; only what prevented an answer is an exception.
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

namespace bqconn::http {

enum class Method { get, post, patch, del };

std::string_view name_of(Method method);  // "GET", …

// A request header. The value is a Secret in every case; `show` says whether a log or a dry run may
// print it.
struct RequestHeader {
    std::string name;
    Secret value;
    bool show = true;
};

// What kind of call it is to whoever considers making it again (http/retry.hpp).
enum class Retry {
    none,    // made once, whatever comes
    read,    // changes nothing: may be made again after any failure that may pass
    create,  // must not be applied twice: made again only if it is known not to have been applied
};

// A header whose value is still being fetched when the connection is opened, so that both take
// their time together. The request leaves when the value is there. If it is not there soon after
// the connection stands, if it is no value but an exception, or if no connection comes about:
// nothing leaves (NotReady, or the TransportError of the connection), and whoever sent the request
// waits for the value.
struct LateHeader {
    std::string name;
    std::shared_future<Secret> value;
};

struct Request {
    Method method = Method::get;
    std::string url;  // absolute, already encoded; made with BaseUrl::at()
    std::vector<RequestHeader> headers;
    std::optional<LateHeader> late;  // one more, never shown; for CurlTransport and those around it
    Secret body;                     // empty: none is sent
    // The time for the whole call, connecting included; none: the transport's own limit.
    std::optional<std::chrono::milliseconds> timeout;
    Retry retry = Retry::none;  // read by RetryingTransport alone
};

struct Header {
    std::string name;  // as received
    std::string value;
};

struct Response {
    int status = 0;
    std::vector<Header> headers;
    std::string body;

    // The last header of that name, whatever its case; empty if there is none.
    std::string header(std::string_view name) const;
};

// Whether a request that got no answer may have been acted on.
enum class Sent {
    no,     // not a byte of the request left: DNS, connect, TLS, proxy
    maybe,  // the request, or a part of it, left
};

// No (whole) answer. exit_code() is `network`, `tls`, or `config` for a file of trusted roots that
// cannot be used; the caller of a create turns `Sent::maybe` into `unknown`, the caller of a read
// keeps it. The codes are listed in docs and in src/http/curl_errors.hpp; "interrupted" is that of
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

// Nothing left, since Request::late was not there soon enough, is no value, or the connection ended
// while it was awaited. It says nothing about the service.
class NotReady final : public TransportError {
  public:
    explicit NotReady(const std::string& message)
        : TransportError(Sent::no, ExitCode::network, "network.other", message, "") {}
};

// What a transport is made with.
struct TransportOptions {
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{75'000};  // one call in all, where the request sets none
    std::string ca_file;  // PEM file of trusted roots, instead of the system's; empty: the system's
    // Becomes readable when the run is to stop (the reading end of a pipe that a signal handler
    // writes to); never read from. -1: none.
    int interrupt_fd = -1;
    // Limits counted by us while the answer arrives.
    std::size_t largest_body = 8 * 1024 * 1024;
    std::size_t largest_headers = 64 * 1024;
};

class Transport {
  public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    // Sends `request` once; never again by itself, never to another host. Throws TransportError.
    virtual Response send(const Request& request) = 0;
};

// The settings of a run decide the options, so a run is given the way to make its transport.
using TransportFactory = std::function<std::unique_ptr<Transport>(const TransportOptions&)>;

}  // namespace bqconn::http
