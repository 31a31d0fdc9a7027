#include "bqconn/config/defaults.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bqconn/config/profiles.hpp"

namespace bqconn::config {
namespace {

constexpr auto default_values = std::to_array<std::pair<Setting, std::string_view>>({
    // Adobe's own list for Adobe Experience Platform (its public environment file).
    {Setting::scopes,
     "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext"},
    {Setting::no_cache, "false"},
    {Setting::if_exists, "new"},
    {Setting::sort, "created"},
    {Setting::profile, default_profile},
    {Setting::allow_insecure_files, "false"},
    {Setting::platform_url, "https://platform.adobe.io"},
    {Setting::ims_url, "https://ims-na1.adobelogin.com"},
    {Setting::google_auth_url, "https://accounts.google.com"},
    {Setting::google_token_url, "https://oauth2.googleapis.com"},
    {Setting::bigquery_url, "https://bigquery.googleapis.com"},
    {Setting::connect_timeout, "10"},
    {Setting::timeout, "75"},
    {Setting::output, "auto"},
    {Setting::log, "warn"},
});

}  // namespace

std::string_view default_of(Setting setting) {
    const auto* const found =
        std::find_if(default_values.begin(), default_values.end(),
                     [setting](const auto& row) { return row.first == setting; });
    return found == default_values.end() ? std::string_view() : found->second;
}

}  // namespace bqconn::config
