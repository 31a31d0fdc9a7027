// The Flow Service client: adds the headers and renews a refused token.
#pragma once

#include <functional>
#include <string>

#include "bqconn/connection/access.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::flow {

class FlowService {
  public:
    // Returns an access token: the user's own or a fetched one. `renew` requests a new one.
    using TokenSource = std::function<Secret(bool renew)>;

    // Whether the next token is available without waiting.
    using IsTokenReady = std::function<bool()>;

    // `can_renew`: whether a new token can be fetched; false for the user's own token.
    // `is_token_ready`: if given, `transport` must support Request::late, and a token that is not
    // ready is fetched on another thread, over another transport, while the connection is opened.
    FlowService(http::Transport& transport, connection::Access access, TokenSource token_source,
                bool can_renew, IsTokenReady is_token_ready = {});

    const connection::Access& access() const { return access_; }

    // Sends once. A 401 means the call was not applied, so it is retried once with a new token if
    // one can be fetched.
    http::Response send(const Call& call);

  private:
    Secret token(bool renew);
    http::Response send_with_token(const Call& call);

    http::Transport& transport_;
    connection::Access access_;
    TokenSource token_source_;
    bool can_renew_;
    IsTokenReady is_token_ready_;
};

}  // namespace bqconn::flow
