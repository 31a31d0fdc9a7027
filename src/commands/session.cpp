#include "commands/session.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "bqconn/auth/token_source.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/http/logging_transport.hpp"
#include "bqconn/http/retry.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::commands {
namespace {

// The access token of the run: cached or fetched when first needed, then reused.
class RunToken {
  public:
    RunToken(Context& context, auth::TokenSource source)
        : context_(context), source_(std::move(source)) {}

    const Secret& get(bool renew) {
        if (!token_ || renew) {
            if (renew) {
                context_.console.warning("status 401, trying again with a new access token");
            }
            keep(source_.token(renew ? token_ : std::nullopt));
        }
        return *token_;
    }

    bool is_available() {
        if (!token_) {
            if (const auto kept = source_.kept()) {
                keep(kept->token);
            }
        }
        return token_.has_value();
    }

  private:
    void keep(const Secret& token) {
        context_.console.hide(token);
        token_ = token;
    }

    Context& context_;
    auth::TokenSource source_;
    std::optional<Secret> token_;
};

// Connecting ahead pays off only if the hosts differ; one server for both, as in the emulator,
// should not hold two connections for one run.
bool is_other_host(const std::string& url, const std::string& other) {
    return http::parse_url(url).host_and_port() != http::parse_url(other).host_and_port();
}

flow::FlowService make_service(Context& context, const config::Settings& settings,
                               http::Transport& transport, http::Transport& token_transport,
                               const connection::Access& access,
                               std::chrono::milliseconds longest_wait, bool can_renew) {
    if (access.access_token) {
        return {transport, access, [token = *access.access_token](bool) { return token; }, false};
    }
    const auto token = std::make_shared<RunToken>(
        context,
        auth::TokenSource(token_transport, *access.fetching, access.api_key,
                          token_cache(context, settings, access), context.clock, longest_wait));
    flow::FlowService::IsTokenReady is_at_hand;
    if (&transport != &token_transport) {
        is_at_hand = [token] { return token->is_available(); };
    }
    return {transport, access, [token](bool renew) { return token->get(renew); }, can_renew,
            std::move(is_at_hand)};
}

// Null if a second transport would not save time.
std::unique_ptr<http::Transport> make_token_transport(Context& context,
                                                      const config::Settings& settings,
                                                      const connection::Access& access) {
    const bool ahead = context.connects_ahead && access.fetching &&
                       is_other_host(access.fetching->ims_url, access.platform_url);
    return ahead ? make_transport(context, settings) : nullptr;
}

// No retries and no log; all calls together take at most `limit`.
std::unique_ptr<http::Transport> make_transport(Context& context, const config::Settings& settings,
                                                std::chrono::milliseconds limit) {
    http::TransportOptions options = config::transport_options(settings);
    options.connect_timeout = limit;
    options.timeout = limit;
    return std::make_unique<http::DeadlineTransport>(context.make_transport(options), limit,
                                                     context.clock.now);
}

constexpr std::chrono::seconds longest_wait{30};

}  // namespace

std::unique_ptr<http::Transport> make_transport(Context& context,
                                                const config::Settings& settings) {
    const http::TransportOptions options = config::transport_options(settings);
    std::unique_ptr<http::Transport> transport = context.make_transport(options);
    if (context.logger) {
        transport = std::make_unique<http::LoggingTransport>(
            std::move(transport), context.logger,
            [&context](std::string_view line) { return context.console.clean(line); },
            context.clock.now);
    }
    return std::make_unique<http::RetryingTransport>(
        std::move(transport), options.timeout, context.clock,
        [&context](std::string_view line) { context.console.warning(line); });
}

std::string token_folder(const Context& context) {
    return auth::cache_folder(config::find(context.environment, "XDG_CACHE_HOME"),
                              config::find(context.environment, "HOME"));
}

auth::TokenCache token_cache(Context& context, const config::Settings& settings,
                             const connection::Access& access) {
    std::string folder;
    if (!settings.is_on(config::Setting::no_cache)) {
        folder = token_folder(context);
    }
    return {std::move(folder),
            {access.fetching ? access.fetching->ims_url : "", access.api_key,
             access.fetching ? access.fetching->scopes : ""}};
}

Session::Session(Context& context, const config::Settings& settings,
                 const connection::Access& access)
    : transport_(make_transport(context, settings)),
      token_transport_(make_token_transport(context, settings, access)),
      service_(make_service(context, settings, *transport_,
                            token_transport_ ? *token_transport_ : *transport_, access,
                            longest_wait, true)) {}

Session::Session(Context& context, const config::Settings& settings,
                 const connection::Access& access, std::chrono::milliseconds limit)
    : transport_(make_transport(context, settings, limit)),
      service_(
          make_service(context, settings, *transport_, *transport_, access, limit / 4, false)) {}

}  // namespace bqconn::commands
