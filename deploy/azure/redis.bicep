// Azure Managed Redis as Bellhop needs it: TLS alone, nothing is evicted, an append-only file, and one shard, as a call of Bellhop
// touches keys that would lie in several. Its keys are in no output: az redisenterprise database list-keys.
targetScope = 'resourceGroup'

@description('Name of the Redis; it becomes <name>.<location>.redis.azure.net.')
param name string

@description('Region.')
param location string = resourceGroup().location

@description('Size. Sizes of more than 25 GB have several shards, which Bellhop cannot use.')
@allowed([
  'Balanced_B0'
  'Balanced_B1'
  'Balanced_B3'
  'Balanced_B5'
  'Balanced_B10'
  'Balanced_B20'
])
param sku string = 'Balanced_B1'

@description('With a replica that takes over. Without one a fault of its machine means waiting, and the loss of what was not yet on the disk.')
param highAvailability bool = true

var port = 10000

resource cluster 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  sku: {
    name: sku
  }
  properties: {
    highAvailability: highAvailability ? 'Enabled' : 'Disabled'
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: cluster
  name: 'default'
  properties: {
    port: port
    clientProtocol: 'Encrypted'
    clusteringPolicy: 'NoCluster'
    evictionPolicy: 'NoEviction'
    accessKeysAuthentication: 'Enabled'
    persistence: {
      aofEnabled: true
      aofFrequency: '1s'
    }
  }
}

output host string = cluster.properties.hostName
output port int = port
