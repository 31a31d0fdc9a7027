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

// While a token is fetched, the call that it is for has not left (or was answered with a 401):
// whatever became of the token request, nothing was done.
Secret FlowService::token(bool renew) {
    try {
        return token_source_(renew);
    } catch (const http::TransportError& error) {
        throw http::TransportError(
            http::Sent::no, error.exit_code(), error.code(),
            "no access token could be fetched: " + error.message(),
            error.sent() == http::Sent::no ? error.hint() : "nothing was changed: run it again");
    }
}

http::Response FlowService::send_with_token(const Call& call) {
    if (is_token_ready_ && !is_token_ready_()) {
        std::shared_future<Secret> coming;
        try {
            coming = std::async(std::launch::async, [this] {
                         return authorization_of(token(false));
                     }).share();
        } catch (const std::system_error&) {
            // No thread is to be had: one after the other.
        }
        if (coming.valid()) {
            return transport_.send(make_request(access_, std::move(coming), call));
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
