#include "bqconn/flow/service.hpp"

#include <utility>

#include "bqconn/flow/wire.hpp"

namespace bqconn::flow {

FlowService::FlowService(http::Transport& transport, connection::Access access,
                         TokenSource token_source, bool can_renew)
    : transport_(transport),
      access_(std::move(access)),
      token_source_(std::move(token_source)),
      can_renew_(can_renew) {}

http::Response FlowService::send(http::Method method, std::string_view path, const Secret& body) {
    constexpr int unauthorized = 401;
    http::Response response =
        transport_.send(make_request(access_, token_source_(false), method, path, body));
    if (response.status == unauthorized && can_renew_) {
        response = transport_.send(make_request(access_, token_source_(true), method, path, body));
    }
    return response;
}

}  // namespace bqconn::flow
