#include "bqconn/flow/service.hpp"

#include <future>
#include <system_error>
#include <utility>

namespace bqconn::flow {

FlowService::FlowService(http::Transport& transport, connection::Access access,
                         TokenSource token_source, bool can_renew, IsTokenReady is_token_ready)
    : transport_(transport),
      access_(std::move(access)),
      token_source_(std::move(token_source)),
      can_renew_(can_renew),
      is_token_ready_(std::move(is_token_ready)) {}

// While a token is fetched, the call itself has not been sent (or got a 401), so nothing was
// changed, whatever the outcome of the token request.
Secret FlowService::token(bool renew) {
    try {
        return token_source_(renew);
    } catch (const http::TransportError& error) {
        throw http::TransportError(
            http::Sent::no, error.exit_code(), error.code(),
            "cannot fetch an access token: " + error.message(),
            error.sent() == http::Sent::no ? error.hint() : "nothing was changed: run it again");
    }
}

http::Response FlowService::send_with_token(const Call& call) {
    if (is_token_ready_ && !is_token_ready_()) {
        std::shared_future<Secret> authorization;
        try {
            authorization = std::async(std::launch::async, [this] {
                                return authorization_of(token(false));
                            }).share();
        } catch (const std::system_error&) {
            // No thread available: do it sequentially.
        }
        if (authorization.valid()) {
            return transport_.send(make_request(access_, std::move(authorization), call));
        }
    }
    return transport_.send(make_request(access_, token(false), call));
}

http::Response FlowService::send(const Call& call) {
    constexpr int unauthorized = 401;
    http::Response response = send_with_token(call);
    if (response.status == unauthorized && can_renew_) {
        response = transport_.send(make_request(access_, token(true), call));
    }
    return response;
}

}  // namespace bqconn::flow
