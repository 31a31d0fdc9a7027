// Opens the connection of a call while its authorization is being fetched (docs/decisions/0016).
#pragma once

#include <chrono>
#include <functional>

#include "bqconn/core/clock.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::http {

class ConnectAhead {
  public:
    // `transport` must support Request::late_authorization; `timeout` is its limit for a call.
    ConnectAhead(Transport& transport, std::chrono::milliseconds timeout, Now now)
        : transport_(transport), timeout_(timeout), now_(std::move(now)) {}

    // Sends the request over `transport` with the authorization that `authorize` returns. It runs
    // on another thread, and must use another transport. Throws what it throws, or TransportError.
    Response send(Request request, const std::function<Secret()>& authorize);

  private:
    Transport& transport_;
    std::chrono::milliseconds timeout_;
    Now now_;
};

}  // namespace bqconn::http
