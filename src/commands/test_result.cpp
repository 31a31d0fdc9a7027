#include "commands/test_result.hpp"

namespace bqconn::commands {

Error test_failed(const std::string& id, const std::string& more, const std::string& next) {
    return {
        ExitCode::rejected, "rejected.test_failed",
        "the connection test failed: Google BigQuery does not accept the credentials of " + id +
            more,
        "check, in this order: that the refresh token or key is not revoked or expired (with a "
        "consent screen in Testing, tokens expire after 7 days), that the BigQuery API is "
        "enabled in the project, that the identity has the roles BigQuery Job User, Data Viewer "
        "and Read Session User; then " +
            (next.empty() ? "give the new credentials with bqconn update " + id + " --rotate"
                          : next)};
}

}  // namespace bqconn::commands
