console.log('fairshelf');
