#include "bqconn/emulator/connection_spec.hpp"

#include <utility>
#include <vector>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/connections_test.hpp"

namespace bqconn::emulator {
namespace {

class ParamsTest : public ConnectionsTest {};

TEST_F(ParamsTest, AwsWantsADatasetAndNoLargeResults) {
    expect_refused(service_body(), "'datasetId'", "aws-dev");
    expect_refused(with_params(aws_body(), {{"largeResultsDataSetId", "tmp"}}),
                   "'largeResultsDataSetId'", "aws-dev");
    expect_refused(aws_body(), "'datasetId'");
}

TEST_F(ParamsTest, EachParamIsRequired) {
    for (const char* const name : {"project", "clientId", "clientSecret", "refreshToken"}) {
        expect_refused(without_param(basic_body(), name), "'" + std::string(name) + "'");
    }
    for (const char* const name : {"projectId", "keyFileContent"}) {
        expect_refused(without_param(service_body(), name), "'" + std::string(name) + "'");
    }
}

TEST_F(ParamsTest, EachParamIsAStringThatIsNotEmpty) {
    for (const char* const name :
         {"project", "clientId", "clientSecret", "refreshToken", "largeResultsDataSetId"}) {
        expect_refused(with_params(basic_body(), {{name, Json::array({"canary"})}}),
                       std::string(name) + ": ");
        expect_refused(with_params(basic_body(), {{name, ""}}), std::string(name) + ": ");
        expect_refused(with_params(basic_body(), {{name, nullptr}}), std::string(name) + ": ");
    }
}

TEST_F(ParamsTest, NoOtherParam) {
    for (const char* const name : {"projectId", "clientID", "keyFileContent", "datasetId"}) {
        expect_refused(with_params(basic_body(), {{name, "canary"}}),
                       "'" + std::string(name) + "'");
    }
    expect_refused(with_params(service_body(), {{"project", "canary"}}), "'project'");
}

TEST_F(ParamsTest, DatasetIdsAreBare) {
    for (const char* const id : {"canary-project.tmp", "tmp-canary", "tmp canary", "\xc3\xa9"}) {
        expect_refused(with_params(basic_body(), {{"largeResultsDataSetId", id}}),
                       "largeResultsDataSetId: is not a bare dataset id");
        expect_refused(with_params(aws_body(), {{"datasetId", id}}),
                       "datasetId: is not a bare dataset id", "aws-dev");
    }
    expect_refused(with_params(basic_body(), {{"largeResultsDataSetId", std::string(1025, 'a')}}),
                   "largeResultsDataSetId");
}

TEST_F(ParamsTest, KeyFileMustBeTheBase64OfAServiceAccountKey) {
    const std::string content = key_file_content();
    const auto key = [](const Json& changes, const std::string& without = {}) {
        Json document = json::parse(*crypto::from_base64(key_file_content()));
        document.update(changes);
        document.erase(without);
        return crypto::base64(document.dump());
    };
    const std::vector<std::pair<std::string, std::string>> cases{
        {*crypto::from_base64(content), "is not Base64"},
        {crypto::base64(content), "is not the Base64 of a JSON document"},
        {content.substr(0, 76) + "\n" + content.substr(76), "is not Base64"},
        {content + "\n", "is not Base64"},
        {crypto::base64("canary"), "is not the Base64 of a JSON document"},
        {crypto::base64("[]"), "is not the key file of a service account"},
        {key({{"type", "authorized_user"}}), "is not the key file of a service account"},
        {key(Json::object(), "private_key"), "the key file has no private_key"},
        {key(Json::object(), "client_email"), "the key file has no client_email"},
        {key({{"project_id", 1}}), "the key file has no project_id"}};
    for (const auto& [value, what] : cases) {
        expect_refused(with_params(service_body(), {{"keyFileContent", value}}),
                       "keyFileContent: " + what);
    }
}

}  // namespace
}  // namespace bqconn::emulator
