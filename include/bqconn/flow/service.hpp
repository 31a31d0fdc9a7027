// Flow Service as the verbs use it: one place that adds the headers and renews a token that was
// refused.
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
    // Gives an access token: the user's own, or one that is fetched. `renew` asks for another one
    // than before.
    using TokenSource = std::function<Secret(bool renew)>;

    // Whether the next token is there without a wait.
    using IsTokenReady = std::function<bool()>;

    // `can_renew`: whether another token can be had. The user's own token is the only one there is.
    // `is_token_ready`: where given, `transport` heeds Request::late, and a token that is not at hand
    // is fetched on a thread of its own, over another transport, while the connection is made.
    FlowService(http::Transport& transport, connection::Access access, TokenSource token_source,
                bool can_renew, IsTokenReady is_token_ready = {});

    const connection::Access& access() const { return access_; }

    // Sends once. A 401 is known not to have been acted on, so it is answered with one new token
    // and one more try, where a new token can be had.
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
